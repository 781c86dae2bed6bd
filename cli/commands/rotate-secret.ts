import { randomBytes } from 'node:crypto';
import type { CommandContext } from '../command-context.js';
import { confirmPlan } from '../confirm.js';
import { AgentctlError } from '../errors.js';
import { withTimeout } from '../interrupt.js';
import type { CommandResult } from '../io/io.js';
import { planText } from '../report/plan-text.js';
import { runOutcome } from '../run-outcome.js';
import { runPlan, withLock } from '../run-plan.js';
import { openStage } from '../stage.js';
import { readSecretValue } from './read-secret-value.js';
import type { SecretsOptions } from './secrets.js';

/**
 * Replaces the value of a secret and restarts what uses it, beside what runs: no request fails. If the restart does not
 * come up healthy, the value before is in use again.
 */
export async function rotateSecret(
  name: string | undefined,
  options: SecretsOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const { target, runId, flags } = await openStage(options, context);
  const { io, commandLine } = context;
  const interrupt = withTimeout(context.interrupt, options.timeout);
  const known = await target.secretNames();
  if (name === undefined || !known.includes(name)) {
    throw new AgentctlError('UsageInvalid', `"${name ?? ''}" is not a secret that has a value here`, {
      fix:
        known.length === 0 ? `set it first: agentctl secrets set NAME ${flags}` : `choose one of: ${known.join(', ')}`,
    });
  }
  const value = await readSecretValue(name, flags, context);
  const scope = { target, io, interrupt, runId, command: commandLine, flags };
  return await withLock(scope, options.lockWait ?? 0, async (run) => {
    const secret = { name, version: randomBytes(4).toString('hex') };
    const plan = await target.planRotation(run.interrupt.signal, { runId, madeAt: new Date().toISOString() }, secret);
    if (plan === null) {
      await target.setSecret(name, value);
      return { exitCode: 0, text: `${name} is set; nothing that runs uses it`, data: { name, changed: true } };
    }
    io.note(planText(plan, flags));
    await confirmPlan(`Replace ${name} and restart what uses it?`, options, io);
    await target.stageSecret(secret, value);
    const result = await runPlan(plan, run);
    return runOutcome(plan, result, { runId, flags, timedOut: interrupt.timedOut() });
  });
}
