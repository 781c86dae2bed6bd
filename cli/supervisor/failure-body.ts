import * as z from 'zod';
import { AgentctlError, expectedError, messageOf } from '../errors.js';
import type { LogBook } from './logs/log-book.js';

/** What the control API answers with any status ≥ 400. `code` is an ErrorCode of cli/errors. */
export const failureBody = z.strictObject({
  code: z.string(),
  message: z.string(),
  fix: z.string(),
  detail: z.string().optional(),
});
export type FailureBody = z.output<typeof failureBody>;

/** What is told of an error outside the supervisor, without secrets. */
export function failureBodyOf(error: unknown, logs: LogBook): FailureBody {
  const failure =
    expectedError(error) ??
    new AgentctlError('Bug', `the local supervisor failed: ${messageOf(error)}`, {
      fix: 'Look into logs/supervisor.log in the state directory, and report it.',
    });
  return {
    code: failure.code,
    message: logs.redact(failure.message),
    fix: logs.redact(failure.fix),
    ...(failure.detail === undefined ? {} : { detail: logs.redact(failure.detail) }),
  };
}
