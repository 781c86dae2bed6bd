const entry = '.agentctl/';

/** Pure: an ignore file with a line for agentctl’s own state; the same text when it has one. */
export function withIgnoredState(text: string): string {
  if (/^\/?\.agentctl\/?\s*$/m.test(text)) return text;
  const start = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return `${start}${entry}\n`;
}
