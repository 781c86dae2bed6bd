"""The part of LangGraph's interface that this agent uses, for machines that cannot install it.

Nodes return the keys of the state that they change; edges say what comes next.
"""

START, END = "__start__", "__end__"
MAX_STEPS = 25


class StateGraph:
    def __init__(self, _schema):
        self._nodes, self._next = {}, {}

    def add_node(self, name, run):
        self._nodes[name] = run
        return self

    def add_edge(self, start, end):
        self._next[start] = lambda _state: end
        return self

    def add_conditional_edges(self, start, choose, ends):
        self._next[start] = lambda state: ends[choose(state)]
        return self

    def compile(self):
        return self

    def invoke(self, state):
        state = dict(state)
        at = self._next[START](state)
        for _ in range(MAX_STEPS):
            if at == END:
                return state
            state.update(self._nodes[at](state))
            at = self._next[at](state)
        raise RuntimeError(f"the graph did not end within {MAX_STEPS} steps")
