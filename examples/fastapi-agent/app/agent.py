"""understand → (use_tool →) answer, as a graph. What it knows is in the state, which the caller stores."""

from typing import Dict, Optional, TypedDict

from .model import answer, choose_tool, facts_in
from .tools import TOOLS

try:
    from langgraph.graph import END, START, StateGraph

    GRAPH = "langgraph"
except ImportError:
    from .small_graph import END, START, StateGraph

    GRAPH = "small_graph"


class AgentState(TypedDict):
    agent_name: str
    turn: int
    message: str
    facts: Dict[str, str]
    call: Optional[dict]
    result: Optional[str]
    reply: str


def understand(state: AgentState) -> dict:
    return {"facts": {**state["facts"], **facts_in(state["message"])}, "call": choose_tool(state["message"])}


def use_tool(state: AgentState) -> dict:
    call = state["call"]
    return {"result": TOOLS[call["name"]](call["argument"])}


def say(state: AgentState) -> dict:
    return {"reply": answer(state)}


def create_agent():
    graph = StateGraph(AgentState)
    graph.add_node("understand", understand)
    graph.add_node("use_tool", use_tool)
    graph.add_node("say", say)
    graph.add_edge(START, "understand")
    graph.add_conditional_edges(
        "understand", lambda state: "tool" if state["call"] else "plain", {"tool": "use_tool", "plain": "say"}
    )
    graph.add_edge("use_tool", "say")
    graph.add_edge("say", END)
    return graph.compile()


def run_turn(agent, *, agent_name: str, turn: int, message: str, facts: Dict[str, str]):
    """The reply of one turn, and the facts the next one begins with."""
    begin = {"agent_name": agent_name, "turn": turn, "message": message, "facts": facts}
    end = agent.invoke({**begin, "call": None, "result": None, "reply": ""})
    return end["reply"], end["facts"]
