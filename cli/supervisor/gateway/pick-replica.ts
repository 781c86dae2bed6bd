import type { ReplicaStatus } from '../protocol.js';

/** As much of a replica as choosing one needs. */
export type PickableReplica = Pick<ReplicaStatus, 'state' | 'port' | 'inFlight'>;

/**
 * The replica for the next request: the one with the fewest requests open, in turn among equals. Ready ones first; when
 * none is, those that are alive but failing their probes, since a late answer is better than none.
 */
export function pickReplica<T extends PickableReplica>(replicas: readonly T[], turn: number): T | undefined {
  const listening = replicas.filter((replica) => replica.port !== null);
  const ready = listening.filter((replica) => replica.state === 'ready');
  const candidates = ready.length > 0 ? ready : listening.filter((replica) => replica.state === 'unready');
  const fewest = Math.min(...candidates.map((replica) => replica.inFlight));
  const idlest = candidates.filter((replica) => replica.inFlight === fewest);
  return idlest[turn % idlest.length];
}
