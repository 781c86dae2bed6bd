import { relative } from 'node:path';
import { AgentctlError } from '../../errors.js';
import type { IgnoreFile } from './ignore-file.js';
import type { SensitiveFile } from './sensitive-files.js';

/** Paths that are listed; the lines to add are always complete. */
const listed = 20;

/** Pure: why a build context is refused, and the lines that mend it. @param context absolute, as in `ignore` */
export function contextRefusal(
  context: string,
  ignore: IgnoreFile,
  found: readonly SensitiveFile[],
): AgentctlError | undefined {
  if (found.length === 0) return undefined;
  const lines = found.map(({ path }) => ignoreLine(path));
  const shown = found.slice(0, listed).map(({ path, what }) => `  ${path}  (${what})`);
  const rest = found.length > listed ? [`  … and ${found.length - listed} more`] : [];
  const where = relative(context, ignore.path);
  const verb = ignore.text === undefined ? `write a file ${where} with` : `add to the end of ${where}`;
  return new AgentctlError('Refused', `the build context ${context} would send what no image may hold`, {
    fix: [`${verb}:`, ...lines.map((line) => `         ${line}`)].join('\n'),
    detail: [...shown, ...rest].join('\n'),
    data: { files: found, ignoreFile: where, lines },
  });
}

/** A path as a pattern that matches it and nothing else: `[id]` is a directory in many a web application. */
function ignoreLine(path: string): string {
  const escaped = path.replaceAll(/[\\*?[\]]/g, String.raw`\$&`);
  // A line that begins so is a comment or an exception.
  return /^[#!]/.test(escaped) ? `\\${escaped}` : escaped;
}
