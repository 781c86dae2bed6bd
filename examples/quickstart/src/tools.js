import { tool } from '@langchain/core/tools';

const addNumbers = tool(({ numbers }) => String(numbers.reduce((sum, number) => sum + number, 0)), {
  name: 'add_numbers',
  description: 'Adds numbers.',
  schema: {
    type: 'object',
    properties: { numbers: { type: 'array', items: { type: 'number' } } },
    required: ['numbers'],
  },
});

const countWords = tool(({ text }) => String(wordsIn(text).length), {
  name: 'count_words',
  description: 'Counts the words of a text.',
  schema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
});

export const tools = [addNumbers, countWords];

/** The words of a text, each with the space behind it, so that joining them gives the text back. */
export function wordsIn(text) {
  return text.match(/\S+\s*/g) ?? [];
}
