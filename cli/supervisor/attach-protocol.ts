import * as z from 'zod';
import { taskRequest, taskStatus } from './protocol.js';

/**
 * First line of the body of `POST /tasks/<id>/attach`; what follows it, as it comes, is the standard input of the task.
 * The task lives no longer than the connection: when that ends before the task does, the task is stopped.
 */
export const attachRequest = z.strictObject({
  task: taskRequest,
  /** Whether the rest of the body is its standard input. False: it has none. */
  stdin: z.boolean(),
});
export type AttachRequest = z.output<typeof attachRequest>;

/** One line of the answer to an attach. An empty line means nothing: it only shows that somebody is there. */
export const taskFrame = z.discriminatedUnion('kind', [
  /** What the task printed, secrets masked. Bytes, and not text: a chunk may end within a character. */
  z.strictObject({ kind: z.literal('output'), stream: z.enum(['out', 'err']), base64: z.string() }),
  /** The last one. */
  z.strictObject({ kind: z.literal('end'), task: taskStatus }),
]);
export type TaskFrame = z.output<typeof taskFrame>;
