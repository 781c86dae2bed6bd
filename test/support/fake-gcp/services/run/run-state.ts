import type { FakeWorld } from '../../fake-world.js';
import type { RunJob } from './job.js';
import type { Workload } from './workload.js';

/** What Cloud Run has in one fake: `world.state(runState)`. */
export interface RunState {
  readonly services: Map<string, Workload>;
  readonly workerPools: Map<string, Workload>;
  readonly jobs: Map<string, RunJob>;
}

export function runState(_world: FakeWorld): RunState {
  return { services: new Map(), workerPools: new Map(), jobs: new Map() };
}

/** Where a service answers, and one of its tags (Cloud Run, "Deterministic URL"). */
export function serviceHost(world: FakeWorld, service: string, tag?: string): string {
  return `${tag === undefined ? '' : `${tag}---`}${service}-${world.projectNumber}.${world.region}.run.app`;
}
