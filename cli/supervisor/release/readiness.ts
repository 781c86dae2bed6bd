/**
 * A passing probe may be luck of a process that is about to fail; three in a row, 250 ms apart while it starts, cost half
 * a second. Kubernetes' default for the other direction is three as well.
 */
const passesToBecomeReady = 3;
const failuresToBecomeUnready = 3;

/** What the probes of one process have shown so far. */
export interface Readiness {
  readonly isReady: boolean;
  readonly passesInARow: number;
  readonly failuresInARow: number;
}

/** Before the first probe. */
export const notYetReady: Readiness = { isReady: false, passesInARow: 0, failuresInARow: 0 };

/** What is known after another probe. `passesNeeded`: how many in a row make it ready. */
export function afterProbe(before: Readiness, hasPassed: boolean, passesNeeded = passesToBecomeReady): Readiness {
  const passesInARow = hasPassed ? before.passesInARow + 1 : 0;
  const failuresInARow = hasPassed ? 0 : before.failuresInARow + 1;
  const isReady = before.isReady ? failuresInARow < failuresToBecomeUnready : passesInARow >= passesNeeded;
  return { isReady, passesInARow, failuresInARow };
}

/** How long the next probe may take: 500 ms, doubled with each failure in a row, at most 2 s. */
export function probeTimeoutMilliseconds(readiness: Readiness): number {
  return Math.min(2000, 500 * 2 ** Math.min(readiness.failuresInARow, 2));
}
