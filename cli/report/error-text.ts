import type { Style } from './style.js';

/** What an error looks like to whoever prints it. */
export interface ShownError {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  readonly detail?: string | undefined;
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Pure: an error for people; what it says comes last, where the eye is. Never a stack trace, unless `detail` holds one (a
 * bug in agentctl).
 */
export function errorText({ code, message, fix, detail = '' }: ShownError, style: Style): string {
  const lines = [`${style.bad('error')} ${message} ${style.dim(`[${code}]`)}`, `  ${style.bold('fix:')} ${fix}`];
  return [...(detail === '' ? [] : [detail, '']), ...lines].join('\n');
}
