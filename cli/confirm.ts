import { AgentctlError } from './errors.js';
import type { Io } from './io/io.js';

/**
 * Asks before anything is changed. `--yes` answers; where nobody can be asked, no answer is not a yes.
 *
 * @throws Declined after a no, UsageInvalid when nobody can be asked
 */
export async function confirmPlan(question: string, { yes }: { readonly yes?: boolean }, io: Io): Promise<void> {
  if (yes === true) return;
  if (!io.canAsk) {
    throw new AgentctlError('UsageInvalid', `"${question}" needs an answer and nobody can be asked here`, {
      fix: 'pass --yes',
    });
  }
  if (await io.confirm(question)) return;
  throw new AgentctlError('Declined', 'declined; nothing was changed', {
    fix: 'run it again and answer yes, or pass --yes',
  });
}
