import { createHash } from 'node:crypto';
import * as z from 'zod';
import { foundationOutputsSchema, migrationTaskDefinitionOutput } from '../../../stacks/aws/outputs.js';
import { AgentctlError, messageOf } from '../../errors.js';
import { show } from '../../plan/reference.js';
import { defineStep, type StepContext } from '../../plan/step.js';
import type { TaskState } from '../../tools/aws/tasks/task-tools.js';
import { tailText } from '../local/tail-text.js';
import type { AwsStepTools } from './aws-step-tools.js';
import { schemaRevisionIn } from '../releases/schema-revision.js';
import { stackOutputs } from './stage-request.js';

/** Lines of the migration's output shown when it fails. */
const shownLines = 50;

const inputs = z.strictObject({
  name: z.string(),
  /** Names the attempt: a run that is resumed finds its task by it. */
  attempt: z.string(),
  release: z.string(),
  /** Outputs of the foundation stack. */
  foundation: stackOutputs,
  /** Outputs of the migrations stack. */
  migrations: stackOutputs,
  timeoutSeconds: z.number(),
});

/**
 * The migration gate: one ECS task from the new image, inside the network. It outlives a CLI that is killed; a resumed
 * run finds it by who started it and waits for it instead of starting a second one.
 */
export const runMigration = defineStep<AwsStepTools>()({
  kind: 'run-migration',
  inputs,
  outputs: z.strictObject({ task: z.string(), revision: z.string().nullable() }),
  describe: ({ name }) => `run migration "${show(name)}"`,
  async run(request, context) {
    const { name, foundation, migrations, timeoutSeconds } = request;
    const { tools, signal, log } = context;
    const { ClusterName: cluster } = foundationOutputsSchema.parse(foundation);
    const taskDefinition = migrations[migrationTaskDefinitionOutput(name)];
    if (taskDefinition === undefined) throw new Error(`the migrations stack has no task definition of "${name}"`);
    await outwaitOthers(cluster, taskDefinition, startedByOf(request), context);
    const { arn } = await adoptOrStart(cluster, taskDefinition, request, context);
    log(`task ${arn.split('/').at(-1) ?? arn}`);

    const lines: string[] = [];
    const onLine = (line: string): void => {
      lines.push(line);
      log(line);
    };
    const limit = AbortSignal.timeout(timeoutSeconds * 1000);
    const ended = await tools.aws.tasks
      .wait({
        cluster,
        task: arn,
        onLine,
        onUnreadable: (error) => log(`what it prints cannot be shown: ${messageOf(error)}`),
        stopOnAbort: true,
        signal: AbortSignal.any([signal, limit]),
      })
      .catch((error: unknown) => {
        // Interrupted: a migration that nobody waits for would hold its locks for nothing; it was stopped.
        if (signal.aborted || !limit.aborted) throw error;
        return 'timed-out' as const;
      });
    if (ended !== 'timed-out' && ended !== undefined && !limit.aborted && ended.exitCode === 0) {
      return { task: arn, revision: schemaRevisionIn(lines) };
    }
    throw new AgentctlError(
      'MigrationFailed',
      `migration "${name}" ${howItEnded(ended, limit.aborted, timeoutSeconds)}`,
      {
        fix: 'mend the migration and run the same command again; nothing was rolled out, what served before still serves',
        detail: tailText(lines.slice(-shownLines)),
      },
    );
  },
});

/** At most 36 characters (ECS API reference, RunTask, startedBy). */
function startedByOf({ attempt }: Pick<z.output<typeof inputs>, 'attempt'>): string {
  if (attempt.length <= 36) return attempt;
  const hash = createHash('sha256').update(attempt).digest('hex').slice(0, 8);
  return `${attempt.slice(0, 27)}-${hash}`;
}

/**
 * We hold the lock of the stage, so a migration that is not ours belongs to a run that was killed. Two at once could both
 * fail, or worse: let the first one end.
 */
async function outwaitOthers(
  cluster: string,
  taskDefinition: string,
  ours: string,
  { tools, signal, log }: StepContext<AwsStepTools>,
): Promise<void> {
  const family = /task-definition\/([^:]+)/.exec(taskDefinition)?.[1] ?? taskDefinition;
  const others = (await tools.aws.tasks.ofFamily(cluster, family, signal)).filter(
    ({ status, startedBy }) => status !== 'STOPPED' && startedBy !== ours,
  );
  for (const { arn, id } of others) {
    log(`waiting for ${id}, whose run was killed`);
    await tools.aws.tasks.wait({ cluster, task: arn, signal });
  }
}

/** An attempt that runs or has succeeded is ours; one that ended badly is not, and the next one gets a new name. */
async function adoptOrStart(
  cluster: string,
  taskDefinition: string,
  request: z.output<typeof inputs>,
  { tools, signal }: StepContext<AwsStepTools>,
): Promise<TaskState> {
  const startedBy = startedByOf(request);
  const known = await tools.aws.tasks.startedBy(cluster, startedBy, signal);
  const ours = known.find(({ status, exitCode }) => status !== 'STOPPED' || exitCode === 0);
  if (ours !== undefined) return ours;
  const { AppSubnetIds, TaskSecurityGroupId } = foundationOutputsSchema.parse(request.foundation);
  return await tools.aws.tasks.run(
    {
      cluster,
      taskDefinition,
      subnetIds: AppSubnetIds,
      securityGroupIds: [TaskSecurityGroupId],
      clientToken: `${request.attempt}-${known.length + 1}`,
      startedBy,
      tags: { 'agentctl:release': request.release, 'agentctl:migration': request.name },
    },
    signal,
  );
}

function howItEnded(task: TaskState | 'timed-out' | undefined, isLate: boolean, timeoutSeconds: number): string {
  if (task === 'timed-out' || isLate) return `did not end within ${timeoutSeconds} s and was stopped`;
  if (task === undefined) return 'was lost: ECS does not know its task any more';
  const { exitCode, stoppedReason, containers } = task;
  const reasons = [stoppedReason, ...containers.map(({ reason }) => reason)].filter((reason) => reason !== null);
  const why = reasons.length === 0 ? '' : `: ${[...new Set(reasons)].join('; ')}`;
  return exitCode === null ? `did not start${why}` : `exited with code ${exitCode}`;
}
