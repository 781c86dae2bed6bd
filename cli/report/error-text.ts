import type { Style } from './style.js';

/** What an error looks like to whoever prints it. */
export interface ShownError {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  readonly detail?: string | undefined;
}

/** Pure: an error for people. Never a stack trace, unless `detail` holds one (a bug in agentctl). */
export function errorText(error: ShownError, style: Style): string {
  const detail = error.detail === undefined || error.detail === '' ? [] : [indent(error.detail)];
  return [
    `${style.bad('error')} ${style.dim(`[${error.code}]`)} ${error.message}`,
    ...detail,
    `  ${style.bold('fix:')} ${error.fix}`,
  ].join('\n');
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
