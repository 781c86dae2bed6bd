import { stripVTControlCharacters } from 'node:util';

/** What speaks of the console and of the `cdk` command: whoever runs agentctl need not have either. */
const ofOtherTools = /https:\/\/\S*console\.aws\.|`?cdk diagnose`?|available in console/;

/** Pure: lines of what the toolkit says about a failure, each once, without colours and advice about other tools. */
export function toolkitDetail(texts: readonly string[]): readonly string[] {
  const lines = texts
    .flatMap((text) => stripVTControlCharacters(text).split('\n'))
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !ofOtherTools.test(line));
  const seen = new Set<string>();
  return lines.filter((line) => {
    const isNew = !seen.has(line.trim());
    seen.add(line.trim());
    return isNew;
  });
}
