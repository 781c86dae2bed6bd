import { type IncomingMessage, request as httpRequest } from 'node:http';
import type { Readable } from 'node:stream';
import { AgentctlError } from '../errors.js';
import type { AttachRequest } from './attach-protocol.js';
import type { TaskStatus } from './protocol.js';
import { createFrameReader } from './task-frames.js';

/** What goes on between the user and an attached task. */
export interface AttachOptions {
  /** Its standard input. @default - none */
  readonly input?: Readable | undefined;
  /** Takes its output; the task is held up until it resolves. */
  readonly onOutput: (stream: 'out' | 'err', bytes: Buffer) => Promise<void>;
  /** Leaves at once: the supervisor then stops the task. */
  readonly signal: AbortSignal;
}

/** How an exchange ended: with the task, or before it began. */
export type Followed =
  | { readonly kind: 'ended'; readonly task: TaskStatus }
  | { readonly kind: 'refused'; readonly statusCode: number; readonly text: string };

/**
 * Runs an attached task over the socket.
 *
 * @throws AgentctlError TargetUnavailable: the supervisor went away; otherwise the reason of the signal
 */
export async function followTask(
  socketPath: string,
  path: string,
  asked: AttachRequest,
  { input, onOutput, signal }: AttachOptions,
): Promise<Followed> {
  const headers = { 'content-type': 'application/x-ndjson', 'transfer-encoding': 'chunked' };
  const request = httpRequest({ socketPath, method: 'POST', path, headers, agent: false, signal });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    // Later ones are those of input that nobody reads any more.
    request.on('error', reject);
  });
  request.write(`${JSON.stringify(asked)}\n`);
  if (input === undefined) request.end();
  else input.once('error', () => request.end()).pipe(request);
  try {
    return await Promise.race([read(answered, onOutput), abortOf(signal)]);
  } catch (error) {
    signal.throwIfAborted();
    throw isBroken(error) ? gone(error) : error;
  } finally {
    // A terminal that is still being read would keep this process from ending.
    input?.unpipe(request).pause();
    request.destroy();
  }
}

async function read(answered: Promise<IncomingMessage>, onOutput: AttachOptions['onOutput']): Promise<Followed> {
  const response = await answered;
  if (response.statusCode !== 200) return await refused(response);
  const reader = createFrameReader();
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) continue;
    for (const frame of reader.push(chunk)) {
      if (frame.kind === 'end') return { kind: 'ended', task: frame.task };
      await onOutput(frame.stream, Buffer.from(frame.base64, 'base64'));
    }
  }
  throw gone(undefined);
}

/** Also while output waits to be taken. */
function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted', { cause: signal.reason })), { once: true });
  });
}

function gone(cause: unknown): AgentctlError {
  return new AgentctlError('TargetUnavailable', 'the local supervisor ended while the command ran', {
    fix: 'look into logs/supervisor.log in the state directory; the next deploy starts it again',
    cause,
  });
}

async function refused(response: IncomingMessage): Promise<Followed> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return { kind: 'refused', statusCode: response.statusCode ?? 500, text: Buffer.concat(chunks).toString('utf8') };
}

/** Whether the connection ended before the answer did. */
function isBroken(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNREFUSED' || code === 'ENOENT';
}
