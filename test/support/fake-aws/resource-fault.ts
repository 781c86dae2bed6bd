import type { FakeWorld } from './fake-world.js';

/** Lets CloudFormation's work on a resource fail or wait. */
export interface ResourceFault {
  /** Logical id or type. */
  readonly resource: string;
  readonly action: 'create' | 'update' | 'delete';
  /** It waits for this first; a cancelled update does not wait on. */
  readonly until?: Promise<void>;
  /** It then fails so. @default it goes on */
  readonly reason?: string;
  /** @default 1 */
  readonly times?: number;
}

/** Faults of resources that are still to come. */
export interface ResourceFaults {
  readonly add: (fault: ResourceFault) => () => void;
  /** Carries out the fault of this action, if it has one. */
  readonly meet: (
    logicalId: string,
    type: string,
    action: ResourceFault['action'],
    signal: AbortSignal,
  ) => Promise<void>;
}

export function resourceFaults(_world: FakeWorld): ResourceFaults {
  const waiting: { readonly fault: ResourceFault; times: number }[] = [];
  return {
    add(fault) {
      const entry = { fault, times: fault.times ?? 1 };
      waiting.push(entry);
      return () => void (entry.times = 0);
    },
    async meet(logicalId, type, action, signal) {
      const entry = waiting.find(
        ({ fault, times }) => times > 0 && fault.action === action && [logicalId, type].includes(fault.resource),
      );
      if (entry === undefined) return;
      entry.times -= 1;
      if (entry.fault.until !== undefined) await Promise.race([entry.fault.until, aborted(signal)]);
      signal.throwIfAborted();
      if (entry.fault.reason !== undefined) throw new Error(entry.fault.reason);
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
