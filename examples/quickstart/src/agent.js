import { END, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import { ToolNode, toolsCondition } from '@langchain/langgraph/prebuilt';
import { tools } from './tools.js';

/** model → (tools → model)* → end, with every step saved by the checkpointer. */
export function createAgent({ model, checkpointer }) {
  const modelWithTools = model.bindTools(tools);

  async function callModel({ messages }, config) {
    const reply = await modelWithTools.invoke(messages, { ...config, paceMs: config.configurable.paceMs });
    return { messages: [reply] };
  }

  return new StateGraph(MessagesAnnotation)
    .addNode('model', callModel)
    .addNode('tools', new ToolNode(tools))
    .addEdge(START, 'model')
    .addConditionalEdges('model', toolsCondition, ['tools', END])
    .addEdge('tools', 'model')
    .compile({ checkpointer });
}

/**
 * Runs one turn, from `checkpointId` on (absent: from nothing), handing out each token as it comes.
 * Returns the reply and the checkpoint the turn ended at; both are stored when this resolves.
 */
export async function runTurn(agent, { threadId, checkpointId, message, paceMs, signal, onToken }) {
  const stream = await agent.stream(
    { messages: [{ role: 'user', content: message }] },
    {
      configurable: { thread_id: threadId, ...(checkpointId && { checkpoint_id: checkpointId }), paceMs },
      durability: 'sync',
      streamMode: ['messages', 'checkpoints'],
      signal,
    },
  );

  let reply = '';
  let reached = checkpointId;
  for await (const [mode, data] of stream) {
    if (mode === 'checkpoints') {
      reached = data.config.configurable.checkpoint_id;
      continue;
    }
    const [chunk, { langgraph_node: node }] = data;
    if (node !== 'model' || chunk.text === '') continue;
    reply += chunk.text;
    await onToken(chunk.text);
  }
  return { reply, checkpointId: reached };
}
