import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type PickableReplica, pickReplica } from './pick-replica.js';
import { connectUpstream } from './upstream.js';

/** A replica that counts what it has open. */
export interface ProxiedReplica extends PickableReplica {
  readonly name: string;
  enter(): void;
  leave(): void;
}

/** Why a request cannot be passed on. */
export interface Refusal {
  readonly kind: 'refused';
  readonly statusCode: 404 | 502 | 503;
  readonly message: string;
  /** The release that was asked, if there is one. */
  readonly release: string | null;
}

/** Where a request is to go. */
export type Destination =
  | {
      readonly kind: 'replicas';
      readonly release: string;
      readonly service: string;
      readonly replicas: readonly ProxiedReplica[];
      readonly turn: number;
      /** Whether a replica is sure to be tried soon, so that waiting for it is better than a refusal. */
      readonly isComingBack: () => boolean;
    }
  | Refusal;

/** What came of connecting to a replica. `leave` is to be called once, when the request or stream has ended. */
export type Reached =
  | { readonly kind: 'reached'; readonly socket: Socket; readonly port: number; readonly leave: () => void }
  | { readonly kind: 'abandoned' }
  | Refusal;

/** Clients wait this long at least. */
const patienceSeconds = 10;
const waitMilliseconds = 50;

/** How many replicas are tried: nothing was sent to one that refuses the connection. */
const attempts = 2;

type Replicas = Extract<Destination, { kind: 'replicas' }>;

/**
 * Connects to the replica that should take the next request; waits for one while the release is being brought back.
 * `isAbandoned`: the client has gone meanwhile.
 */
export async function reachReplica(destination: Replicas, isAbandoned: () => boolean): Promise<Reached> {
  const deadline = performance.now() + patienceSeconds * 1000;
  for (;;) {
    const mayWait = destination.isComingBack() && performance.now() < deadline;
    const reached = await tryReplicas(destination, isAbandoned);
    if (reached.kind !== 'refused' || !mayWait) return reached;
    await sleep(waitMilliseconds);
    if (isAbandoned()) return { kind: 'abandoned' };
  }
}

async function tryReplicas(destination: Replicas, isAbandoned: () => boolean): Promise<Reached> {
  const { release, service } = destination;
  let left = destination.replicas;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const replica = pickReplica(left, destination.turn);
    if (replica?.port === null || replica === undefined) break;
    const { port } = replica;
    replica.enter();
    let hasLeft = false;
    const leave = (): void => {
      if (hasLeft) return;
      hasLeft = true;
      replica.leave();
    };
    try {
      const socket = await connectUpstream(port);
      if (!isAbandoned()) return { kind: 'reached', socket, port, leave };
      socket.destroy();
      leave();
      return { kind: 'abandoned' };
    } catch {
      leave();
      left = left.filter((other) => other !== replica);
    }
  }
  return left.length === destination.replicas.length
    ? { kind: 'refused', statusCode: 503, message: `no replica of ${service} can answer right now`, release }
    : { kind: 'refused', statusCode: 502, message: `no replica of ${service} accepts connections`, release };
}
