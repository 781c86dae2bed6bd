import { scheduleJobOutput } from '../../../stacks/gcp/outputs.js';
import { shortHash } from '../../../stacks/stage/stage-scope.js';
import { messageOf } from '../../errors.js';
import { labelsOf } from '../../steps/gcp/ensure-secrets.js';
import type { FinishedRun, RunOptions } from '../one-off-run.js';
import { lost, named, nothingServes, notStarted } from '../run-refusals.js';
import type { StageTools } from './open-stage-tools.js';
import { recordedRelease, servingRecord } from './recorded-release.js';
import { revisionsBefore } from './revisions-before.js';
import { stageOutputs } from './stage-facts.js';
import { runServices } from './stage-services.js';

type Scope = { readonly name: string; readonly stage: string };

/** Without a wish a run is stopped after an hour. */
const defaultTimeoutSeconds = 3600;

/**
 * Runs a command as a Cloud Run job with image, variables and network of the revision that serves. An execution of a job can
 * have other arguments and no other command, so each command gets a job of its own, which is deleted at its end.
 */
export async function runTask(scope: Scope, tools: StageTools, options: RunOptions): Promise<FinishedRun> {
  const { runId, as, onStart, onOutput, signal, leave } = options;
  const { jobs } = tools.gcp;
  const [records, outputs] = await Promise.all([tools.ledger.list(), stageOutputs(scope, tools, signal)]);
  const record = servingRecord({ records, outputs });
  if (record === undefined) throw nothingServes();
  const { spec } = recordedRelease(record).request;
  const known = as.kind === 'schedule' ? Object.keys(spec.schedules) : Object.keys(spec.services);
  const workload = as.name === undefined ? known[0] : named(known, as.kind, as.name);
  if (workload === undefined) throw nothingServes();
  const limitSeconds =
    options.timeoutSeconds ??
    (as.kind === 'schedule' ? spec.schedules[workload]?.timeout.seconds : undefined) ??
    defaultTimeoutSeconds;
  const ofSchedule = outputs.service?.[scheduleJobOutput(workload)];
  const job = as.kind === 'schedule' ? ofSchedule : await commandJob(workload, limitSeconds);
  if (job === undefined) throw nothingServes();
  try {
    const execution = await jobs.execute({ job, attempt: runId, signal });
    const started = { task: execution.name, release: record.id, workload };
    onStart(started);
    const limit = AbortSignal.timeout(limitSeconds * 1000);
    const waited = jobs.wait({
      execution: execution.name,
      onLine: async (line) => await onOutput('out', Buffer.from(`${line}\n`)),
      onUnreadable: (error) =>
        void onOutput('err', Buffer.from(`agentctl: what it prints cannot be shown: ${messageOf(error)}\n`)),
      cancelOnAbort: true,
      signal: AbortSignal.any([signal, limit, leave]),
    });
    const ended = await waited.catch((error: unknown) => {
      if (!limit.aborted || signal.aborted || leave.aborted) throw error;
      return undefined;
    });
    leave.throwIfAborted();
    if (limit.aborted) return { ...started, exitCode: null, signal: 'SIGTERM', timedOut: true };
    if (ended === undefined) throw lost('Cloud Run', execution.name);
    if (ended.isCancelled) return { ...started, exitCode: null, signal: 'SIGTERM', timedOut: false };
    if (ended.exitCode === null) throw notStarted('Cloud Run', execution.name, ended.condition.message);
    return { ...started, exitCode: ended.exitCode, signal: null, timedOut: false };
  } finally {
    if (as.kind === 'service') await jobs.remove(job, new AbortController().signal).catch(() => undefined);
  }

  async function commandJob(service: string, timeoutSeconds: number): Promise<string> {
    const run = runServices(spec, scope).find(({ name }) => name === service);
    const revision = record && revisionsBefore(record, spec)[service];
    const state = run && revision && (await tools.gcp.services.revision(run.kind, revision, signal));
    if (!run || !state) throw nothingServes();
    // 49 characters are the most; the run tells it from others that go on beside it.
    const name = `${run.runName.slice(0, 36)}-run-${shortHash(runId, 8)}`;
    const like = state.definition;
    await jobs.create({ job: name, like, command: options.command, timeoutSeconds, labels: labelsOf(scope), signal });
    return name;
  }
}
