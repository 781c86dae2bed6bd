import { randomBytes } from 'node:crypto';
import type { CommandContext } from '../command-context.js';
import { confirmPlan } from '../confirm.js';
import { AgentctlError } from '../errors.js';
import { withTimeout } from '../interrupt.js';
import type { CommandResult } from '../io/io.js';
import { planText } from '../report/plan-text.js';
import { runOutcome } from '../run-outcome.js';
import { runPlan, withLock } from '../run-plan.js';
import { openProject } from '../project.js';
import { openStage } from '../stage.js';
import { readSecretValue } from './read-secret-value.js';
import { type SecretsOptions, undeclared } from './secrets.js';

/**
 * Replaces the value of a secret and restarts what uses it, beside what runs: no request fails. If the restart does not
 * come up healthy, the value before is in use again. The value of a password that agentctl makes up is not asked for.
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
  if (name === undefined) throw undeclared(undefined, known);
  const madeUp = known.includes(name) ? undefined : await target.madeUpValue(name);
  const isMadeUp = madeUp !== undefined;
  if (!known.includes(name) && !isMadeUp) {
    throw withoutValue(name, known, flags, await declaredSecrets(options, context));
  }
  const value = madeUp ?? (await readSecretValue(name, flags, context));
  const scope = { target, io, interrupt, runId, command: commandLine, flags };
  return await withLock(scope, options.lockWait ?? 0, async (run) => {
    const secret = { name, isMadeUp, version: randomBytes(4).toString('hex') };
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

/** Undefined when the config file is broken or gone: a rotation does not need it. */
async function declaredSecrets(
  options: SecretsOptions,
  context: CommandContext,
): Promise<readonly string[] | undefined> {
  return await openProject(options, context).then(
    ({ spec }) => spec.secrets,
    () => undefined,
  );
}

function withoutValue(
  name: string,
  known: readonly string[],
  flags: string,
  declared: readonly string[] | undefined,
): AgentctlError {
  if (declared !== undefined && !declared.includes(name)) return undeclared(name, declared);
  const others = known.length === 0 ? '' : `; these have one: ${known.join(', ')}`;
  return new AgentctlError('UsageInvalid', `"${name}" is not a secret that has a value here`, {
    fix: `set it first: agentctl secrets set ${name} ${flags}${others}`,
  });
}
