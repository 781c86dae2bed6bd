import { request } from 'node:http';
import { connect } from 'node:net';

/** What a probe saw. */
export type ProbeResult =
  | { readonly kind: 'passed' }
  /** `observed`: for people, `503`, `no answer within 500 ms`. `isListening`: something accepted the connection. */
  | { readonly kind: 'failed'; readonly observed: string; readonly isListening: boolean };

/** What to ask. Without a path, accepting a connection is enough. */
export interface ProbeTarget {
  readonly port: number;
  readonly path: string | undefined;
  readonly timeoutMilliseconds: number;
  /**
   * The port is forwarded: whoever forwards accepts every connection, and closes it when nobody listens behind.
   *
   * @default false
   */
  readonly isForwarded?: boolean;
}

/** Within this a connection that leads nowhere is closed by whoever forwards it. */
const forwardMilliseconds = 100;

/** Asks a replica once whether it can take requests: 200–399 within the timeout. */
export async function probe(target: ProbeTarget): Promise<ProbeResult> {
  return target.path === undefined ? await probeTcp(target) : await probeHttp(target, target.path);
}

function probeHttp(target: ProbeTarget, path: string): Promise<ProbeResult> {
  return new Promise((resolve) => {
    let isListening = false;
    const outgoing = request(
      { host: '127.0.0.1', port: target.port, path, agent: false, headers: { 'user-agent': 'agentctl-probe' } },
      (response) => {
        const status = response.statusCode ?? 0;
        resolve(
          status >= 200 && status < 400
            ? { kind: 'passed' }
            : { kind: 'failed', observed: String(status), isListening: true },
        );
        // A health answer may be a stream that never ends.
        outgoing.destroy();
      },
    );
    const timer = setTimeout(() => {
      resolve(noAnswer(target, isListening));
      outgoing.destroy();
    }, target.timeoutMilliseconds);
    outgoing.on('socket', (socket) => socket.once('connect', () => (isListening = true)));
    outgoing.on('error', (error) => resolve(refused(error, isListening && target.isForwarded !== true)));
    outgoing.on('close', () => clearTimeout(timer));
    outgoing.end();
  });
}

function probeTcp(target: ProbeTarget): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: target.port, timeout: target.timeoutMilliseconds });
    const finish = (result: ProbeResult): void => {
      socket.destroy();
      resolve(result);
    };
    socket.on('connect', () => {
      if (target.isForwarded !== true) return finish({ kind: 'passed' });
      setTimeout(() => finish({ kind: 'passed' }), forwardMilliseconds);
    });
    socket.on('end', () => finish({ kind: 'failed', observed: 'connection closed', isListening: false }));
    socket.on('timeout', () => finish(noAnswer(target, false)));
    socket.on('error', (error) => finish(refused(error, false)));
  });
}

function noAnswer(target: ProbeTarget, isListening: boolean): ProbeResult {
  return { kind: 'failed', observed: `no answer within ${target.timeoutMilliseconds} ms`, isListening };
}

function refused(error: Error, isListening: boolean): ProbeResult {
  const code = 'code' in error ? error.code : undefined;
  return { kind: 'failed', observed: code === 'ECONNREFUSED' ? 'connection refused' : error.message, isListening };
}
