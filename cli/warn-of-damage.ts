import type { Io } from './io/io.js';
import type { Target } from './targets/target.js';

/** Says which releases have no readable record any more, where somebody may want to return to one. */
export async function warnOfDamage({ ledger }: Target, io: Io): Promise<void> {
  for (const { problem } of await ledger.damaged()) io.warn(`${problem.message}; ${problem.fix}`);
}
