import * as z from 'zod';
import { migrationJobOutput } from '../../../stacks/gcp/outputs.js';
import { AgentctlError, messageOf } from '../../errors.js';
import { show } from '../../plan/reference.js';
import { defineStep, type StepContext } from '../../plan/step.js';
import type { EndedExecution } from '../../tools/gcp/jobs/job-tools.js';
import { tailText } from '../local/tail-text.js';
import { schemaRevisionIn } from '../releases/schema-revision.js';
import type { GcpStepTools } from './gcp-step-tools.js';
import { stackOutputs } from './stage-request.js';

/** Lines of the migration's output shown when it fails. */
const shownLines = 50;

const inputs = z.strictObject({
  name: z.string(),
  /** Names the attempt: a run that is resumed finds its execution by it. */
  attempt: z.string(),
  /** Outputs of the migrations configuration. */
  migrations: stackOutputs,
  timeoutSeconds: z.number(),
});

/**
 * The migration gate: one run of a job that has the new image, inside the network. It outlives a CLI that is killed; a
 * resumed run finds it by its attempt and waits for it instead of starting a second one.
 */
export const runMigration = defineStep<GcpStepTools>()({
  kind: 'run-migration',
  inputs,
  outputs: z.strictObject({ task: z.string(), revision: z.string().nullable() }),
  describe: ({ name }) => `run migration "${show(name)}"`,
  async run({ name, attempt, migrations, timeoutSeconds }, context) {
    const { tools, signal, log } = context;
    const job = migrations[migrationJobOutput(name)];
    if (job === undefined) throw new Error(`the migrations configuration has no job of "${name}"`);
    await outwaitOthers(job, attempt, context);
    const execution = await tools.gcp.jobs.execute({ job, attempt, signal });
    log(`execution ${execution.name}`);

    const lines: string[] = [];
    const onLine = (line: string): void => {
      lines.push(line);
      log(line);
    };
    const limit = AbortSignal.timeout(timeoutSeconds * 1000);
    const options = {
      execution: execution.name,
      onLine,
      onUnreadable: (error: unknown) => log(`what it prints cannot be shown: ${messageOf(error)}`),
      cancelOnAbort: true,
    };
    const ended = await tools.gcp.jobs
      .wait({ ...options, signal: AbortSignal.any([signal, limit]) })
      .catch((error: unknown) => {
        // Interrupted: a migration that nobody waits for would hold its locks for nothing; it was cancelled.
        if (signal.aborted || !limit.aborted) throw error;
        return 'timed-out' as const;
      });
    signal.throwIfAborted();
    if (ended !== 'timed-out' && ended?.condition.state === 'true') {
      return { task: execution.name, revision: schemaRevisionIn(lines) };
    }
    const how = howItEnded(ended, limit.aborted, timeoutSeconds);
    throw new AgentctlError('MigrationFailed', `migration "${name}" ${how}`, {
      fix: 'mend the migration and run the same command again; nothing was rolled out, what served before still serves',
      detail: tailText(lines.slice(-shownLines)),
    });
  },
});

/** We hold the lock of the stage, so a run that is not ours belongs to a CLI that was killed: it ends first. */
async function outwaitOthers(
  job: string,
  attempt: string,
  { tools, signal, log }: StepContext<GcpStepTools>,
): Promise<void> {
  const others = (await tools.gcp.jobs.executions(job, signal)).filter(
    (one) => one.condition.state === 'unknown' && one.attempt !== attempt,
  );
  for (const { name } of others) {
    log(`waiting for ${name}, whose run was killed`);
    await tools.gcp.jobs.wait({ execution: name, signal });
  }
}

function howItEnded(ended: EndedExecution | 'timed-out' | undefined, isLate: boolean, timeoutSeconds: number): string {
  if (ended === 'timed-out' || isLate) return `did not end within ${timeoutSeconds} s and was cancelled`;
  if (ended === undefined) return 'was lost: Cloud Run does not know its execution any more';
  if (ended.isCancelled) return 'was cancelled by somebody else';
  if (ended.exitCode !== null) return `exited with code ${ended.exitCode}`;
  return `did not succeed${ended.condition.message === null ? '' : `: ${ended.condition.message}`}`;
}
