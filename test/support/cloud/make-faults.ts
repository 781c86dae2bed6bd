import type { Fault, FaultKind } from './fault.js';

/** Faults that are still to come. */
export interface Faults {
  readonly add: (fault: Fault) => () => void;
  /** The fault of this call, if it has one; counts it. */
  readonly take: (service: string, operation: string) => FaultKind | undefined;
}

export function makeFaults(): Faults {
  const waiting = new Set<{ readonly fault: Fault; skip: number; times: number }>();
  return {
    add(fault) {
      const entry = { fault, skip: fault.skip ?? 0, times: fault.times ?? 1 };
      waiting.add(entry);
      return () => waiting.delete(entry);
    },
    take(service, operation) {
      for (const entry of waiting) {
        const { fault } = entry;
        if ((fault.service ?? service) !== service || (fault.operation ?? operation) !== operation) continue;
        if (entry.skip > 0) {
          entry.skip -= 1;
          continue;
        }
        entry.times -= 1;
        if (entry.times <= 0) waiting.delete(entry);
        return fault.kind;
      }
      return undefined;
    },
  };
}
