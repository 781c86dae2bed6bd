import { isSecretName, secretsMasked } from '../../stacks/spec/index.js';

/** What stands in place of a secret. */
export const mask = '•••';

const assignment = /([A-Za-z_]\w*)["']?\s*[:=]\s*/g;
const value = /"(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,}\]#][^,}\]#]*/y;

/** A line of the file without the secrets it may hold: known tokens, URL passwords, values of variables named like one. */
export function maskSecrets(line: string): string {
  let masked = '';
  let end = 0;
  for (const match of line.matchAll(assignment)) {
    if (match.index < end || !isSecretName(match[1] ?? '')) continue;
    value.lastIndex = match.index + match[0].length;
    const secret = value.exec(line)?.[0].trimEnd() ?? '';
    if (isPlain(secret)) continue;
    masked += `${line.slice(end, match.index + match[0].length)}${mask}`;
    end = match.index + match[0].length + secret.length;
  }
  return secretsMasked(masked + line.slice(end), mask);
}

/** What cannot be a secret: nothing, a reference, a flag, the beginning of a map, list or block text. */
function isPlain(text: string): boolean {
  return text.includes('${') || /^(?:["']?(?:true|false|null|~)?["']?|[{[].*|[|>][-+]?)$/.test(text);
}
