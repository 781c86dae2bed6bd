import type { IncomingMessage, ServerResponse } from 'node:http';
import { AgentctlError } from '../../errors.js';
import { encodeFrame } from '../task-frames.js';
import type { AttachRequest } from '../attach-protocol.js';
import type { Watcher } from './follower.js';
import type { TaskRunner } from './task-runner.js';

/**
 * How often something is written to a watcher of a task that prints nothing. Only that tells that the watcher is gone:
 * while the task does not read its input, nothing is read from the connection either, not even its end.
 */
const pulseMilliseconds = 1000;

/** The exchange of one attached task: its input comes in the request, its output goes out in the answer. */
export interface AttachExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly tasks: TaskRunner;
}

/**
 * Runs a task for as long as its watcher is there, and answers with its output and its end.
 *
 * @throws AgentctlError as {@link TaskRunner.attach} does, before anything was answered
 */
export async function serveAttachedTask(
  { request, response, tasks }: AttachExchange,
  asked: AttachRequest,
): Promise<void> {
  let hasEnded = false;
  const gone = new Promise<void>((resolve) => response.once('close', resolve));
  const watcher: Watcher = {
    take: (stream, bytes) => {
      if (response.destroyed) return undefined;
      const frame = encodeFrame({ kind: 'output', stream, base64: bytes.toString('base64') });
      return response.write(frame) ? undefined : drained(response);
    },
    leave: () => void response.destroy(),
  };
  request.on('error', () => undefined);
  response.on('error', () => undefined);
  response.setHeader('content-type', 'application/x-ndjson');
  response.setHeader('connection', 'close');
  const { input, ended } = await tasks.attach(asked, watcher);
  void gone.then(async () => {
    if (!hasEnded) await tasks.stop(asked.task.id);
  });
  response.flushHeaders();
  const pulse = setInterval(() => {
    if (!response.writableNeedDrain) response.write('\n');
  }, pulseMilliseconds);
  if (input === undefined) request.resume();
  else {
    // Whoever has closed its input still may run for long; the rest has to go somewhere.
    input.once('close', () => request.unpipe(input).resume());
    request.pipe(input);
  }
  const task = await ended;
  hasEnded = true;
  clearInterval(pulse);
  response.end(encodeFrame({ kind: 'end', task }));
}

async function drained(response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}

/**
 * Takes the first line off a body; the rest stays in the request.
 *
 * @throws AgentctlError UsageInvalid: there is none within `largestBytes`
 */
export async function firstLine(request: IncomingMessage, largestBytes: number): Promise<string> {
  let read = Buffer.alloc(0);
  return await new Promise((resolve, reject) => {
    const finish = (settle: () => void): void => {
      request.off('data', onData);
      request.off('close', onEnd);
      request.pause();
      settle();
    };
    const onEnd = (): void =>
      finish(() =>
        reject(
          new AgentctlError('UsageInvalid', 'the local supervisor does not understand the request', {
            fix: 'Use the agentctl version that started the supervisor.',
            detail: 'it has no first line',
          }),
        ),
      );
    const onData = (chunk: Buffer): void => {
      read = Buffer.concat([read, chunk]);
      const end = read.indexOf(0x0a);
      if (end === -1 && read.length <= largestBytes) return;
      if (end === -1) return onEnd();
      finish(() => {
        if (end + 1 < read.length) request.unshift(read.subarray(end + 1));
        resolve(read.subarray(0, end).toString('utf8'));
      });
    };
    request.on('data', onData);
    request.on('close', onEnd);
  });
}
