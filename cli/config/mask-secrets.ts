import { isSecretName, secretsMasked } from '../../stacks/spec/index.js';

/** What stands in place of a secret. */
export const mask = '•••';

/** A line of the file without the secrets it may hold: known tokens, URL passwords, values of variables named like one. */
export function maskSecrets(line: string): string {
  const masked = secretsMasked(line, mask);
  return masked.replaceAll(
    /(["']?)([A-Za-z_][A-Za-z0-9_]*)\1(\s*[:=]\s*)("(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,}\]#][^,}\]#]*)/g,
    (whole, quote: string, name: string, separator: string, value: string) =>
      isSecretName(name) && !isPlain(value) ? `${quote}${name}${quote}${separator}${mask}` : whole,
  );
}

function isPlain(value: string): boolean {
  return value.includes('${') || /^["']?(?:true|false|null|~|\{|\[|\||>|-)?["']?\s*$/.test(value);
}
