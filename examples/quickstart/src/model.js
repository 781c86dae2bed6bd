import { setTimeout as sleep } from 'node:timers/promises';
import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessageChunk } from '@langchain/core/messages';
import { ChatGenerationChunk } from '@langchain/core/outputs';
import { wordsIn } from './tools.js';

/**
 * A chat model without a network: it follows a few rules, so the same conversation always gets the same answer.
 * LangChain sees an ordinary streaming, tool-calling model; replace it with `ChatOpenAI` and nothing else changes.
 */
export class RuleModel extends BaseChatModel {
  constructor({ agentName, tokenDelayMs, ...fields }) {
    super(fields);
    this.agentName = agentName;
    this.tokenDelayMs = tokenDelayMs;
  }

  _llmType() {
    return 'rules';
  }

  bindTools(tools) {
    return this.withConfig({ tools });
  }

  async _generate(messages, options, runManager) {
    let whole;
    for await (const chunk of this._streamResponseChunks(messages, options, runManager)) {
      whole = whole ? whole.concat(chunk) : chunk;
    }
    return { generations: [whole] };
  }

  async *_streamResponseChunks(messages, options, runManager) {
    const toolNames = (options.tools ?? []).map((tool) => tool.name);
    const answer = decide(messages, { agentName: this.agentName, toolNames });

    if (answer.kind === 'call') {
      yield chunkOf('', { tool_call_chunks: [answer.call] });
      return;
    }
    const delayMs = options.paceMs ?? this.tokenDelayMs;
    for (const [index, token] of wordsIn(answer.text).entries()) {
      if (index > 0 && delayMs > 0) await sleep(delayMs, undefined, { signal: options.signal });
      const chunk = chunkOf(token);
      yield chunk;
      await runManager?.handleLLMNewToken(token, undefined, undefined, undefined, undefined, { chunk });
    }
  }
}

/** The model's next step, from the conversation alone: say something, or call a tool. */
export function decide(messages, { agentName, toolNames }) {
  const last = messages.at(-1);
  if (last.getType() === 'tool') return say(sentenceFor(last));

  const said = messages.filter((message) => message.getType() === 'human').map((message) => message.text);
  const text = said.at(-1);
  const call = toolCallFor(text);
  if (call && toolNames.includes(call.name)) {
    return { kind: 'call', call: { ...call, args: JSON.stringify(call.args), id: `call-${said.length}`, index: 0 } };
  }

  const facts = factsIn(said);
  const asked = text
    .match(/\bwhat(?:'s| is| was) my ([\w ]{1,40})/i)?.[1]
    .trim()
    .toLowerCase();
  if (asked)
    return say(facts.has(asked) ? `Your ${asked} is ${facts.get(asked)}.` : `You have not told me your ${asked}.`);

  const memory = [...facts].map(([name, value]) => `your ${name} is ${value}`).join(', ') || 'nothing about you yet';
  if (/\bwhat do you (?:know|remember)\b/i.test(text)) return say(`I remember ${memory}.`);

  const quote = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  const words = wordsIn(text).length;
  return say(
    `${agentName}, turn ${said.length}. You said "${quote}" (${words} ${words === 1 ? 'word' : 'words'}). ` +
      `I remember ${memory}. Tell me "my name is Ada", or ask me to add 2 and 3.`,
  );
}

/** `My name is Ada and my city is Bern` → name: Ada, city: Bern. The newest value wins. */
function factsIn(texts) {
  const fact = /\bmy ([\w ]{1,40}?) is ([^.!?,;\n]{1,80}?)(?= and my |[.!?,;\n]|$)/gi;
  return new Map(
    texts.flatMap((text) => [...text.matchAll(fact)].map(([, name, value]) => [name.toLowerCase(), value])),
  );
}

function toolCallFor(text) {
  const counted = text.match(/\bcount (?:the )?words (?:in|of):? (.+)/is);
  if (counted) return { name: 'count_words', args: { text: counted[1] } };

  const numbers = text.match(/-?\d+(?:\.\d+)?/g)?.map(Number) ?? [];
  if (numbers.length > 1 && /\b(?:add|sum|plus)\b|\d\s*\+/i.test(text))
    return { name: 'add_numbers', args: { numbers } };
  return undefined;
}

function sentenceFor(toolMessage) {
  switch (toolMessage.name) {
    case 'add_numbers':
      return `The sum is ${toolMessage.text}.`;
    case 'count_words':
      return `That is ${toolMessage.text} words.`;
    default:
      return `${toolMessage.name} says: ${toolMessage.text}`;
  }
}

function say(text) {
  return { kind: 'say', text };
}

function chunkOf(text, fields = {}) {
  return new ChatGenerationChunk({ text, message: new AIMessageChunk({ content: text, ...fields }) });
}
