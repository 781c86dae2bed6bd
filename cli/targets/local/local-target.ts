import { existsSync } from 'node:fs';
import { lastReleased, type ReleaseRecord } from '../../ledger/release-record.js';
import { rollbackTarget } from '../../ledger/rollback-target.js';
import { localSteps } from '../../steps/local/index.js';
import { guardOf } from '../../supervisor/guard-keeper.js';
import { connectSupervisor } from '../../supervisor/launch.js';
import { stageSecret } from '../../supervisor/secret-rotation.js';
import { setSecrets } from '../../supervisor/secret-store.js';
import { stateLayout } from '../../supervisor/state-layout.js';
import { artifactKey } from '../../tools/artifacts/artifact-store.js';
import type { Target } from '../target.js';
import { hasDatabase } from './has-database.js';
import { type LocalTargetOptions, openLocalTools, type OpenLocalTools, readSecrets } from './open-local-tools.js';
import { planDestroy } from './plan-destroy.js';
import { planReissue } from './plan-reissue.js';
import { digestsElsewhere } from './recorded-release.js';
import { removeEmptyState, stagePaths } from './remove-stage-state.js';
import { runBeside } from './run-beside.js';
import { serviceLogs, serviceNames, taskLog, taskNames } from './service-logs.js';
import { stageBackups } from './stage-backups.js';
import { stageFacts } from './stage-facts.js';
import { stageStatus } from './stage-status.js';

/** A stage of the local target: real processes or containers, and a real PostgreSQL, on this machine. */
export function localTarget(options: LocalTargetOptions): Target & { readonly tools: OpenLocalTools } {
  const { name, stage, stateDirectory } = options;
  const layout = stateLayout(stateDirectory);
  const tools = openLocalTools(options);
  const { ledger } = tools;
  const about = async () => {
    const running = await (await connectSupervisor(stateDirectory))?.status();
    const specHash = lastReleased(await ledger.list())?.specHash ?? 'none';
    return { name, stage, specHash, serving: running?.servingRelease ?? null };
  };

  return {
    kind: 'local',
    stateDirectory,
    steps: localSteps,
    tools,
    // The build runs beside the start of the database; two builds at once would only fight over the same cores.
    concurrency: { total: 4, perKind: { 'build-artifact': 1 } },
    ledger,
    async planRollback(signal, as, { to }) {
      const facts = await stageFacts(options, tools, as, signal);
      const stored = new Set(facts.artifacts);
      const record = rollbackTarget({
        records: facts.records,
        serving: facts.running?.servingRelease ?? null,
        to,
        isComplete: (record) => isComplete(record, stored),
      });
      return planReissue({ facts, name, stage, record });
    },
    async planRotation(signal, as, secret) {
      const facts = await stageFacts(options, tools, as, signal);
      const serving = facts.running?.servingRelease ?? null;
      // A run that was killed after its switch leaves a release that serves and has no record: the one before has.
      const record =
        serving === null ? undefined : (facts.records.find(({ id }) => id === serving) ?? lastReleased(facts.records));
      if (record?.secrets[secret.name] === undefined) return null;
      const secretVersions = { ...facts.secretVersions, [secret.name]: secret.version };
      return planReissue({ facts: { ...facts, secretVersions }, name, stage, record, secret: secret.name });
    },
    ...stageBackups(stateDirectory, about),
    async planDestroy(how) {
      const [stageNow, records] = await Promise.all([about(), ledger.list()]);
      return planDestroy({
        ...how,
        ...stageNow,
        records,
        hasDatabase: hasDatabase(stateDirectory),
      });
    },
    async exists({ data }) {
      if ((await connectSupervisor(stateDirectory)) !== undefined) return true;
      return (await stagePaths(stateDirectory)).some((path) => data || path.data === undefined);
    },
    forgetIfEmpty: async () => await removeEmptyState(stateDirectory),
    secretNames: () => Promise.resolve(Object.keys(readSecrets(options).secrets)),
    async setSecret(secret, value) {
      setSecrets(stateDirectory, { [secret]: value });
      await Promise.resolve();
    },
    madeUpValue: () => Promise.resolve(undefined),
    async stageSecret(secret, value) {
      stageSecret(stateDirectory, secret.name, { value, version: secret.version });
      await Promise.resolve();
    },
    serviceNames: async () => await serviceNames(layout.logsDirectory),
    async status() {
      const running = await (await connectSupervisor(stateDirectory))?.status();
      const record = existsSync(layout.desiredFile) ? lastReleased(await ledger.list()) : undefined;
      return stageStatus(running, record, guardOf(layout) !== undefined);
    },
    async run(runOptions) {
      const { signal } = runOptions;
      const supervisor = await (existsSync(layout.desiredFile) ? tools.supervisor(signal) : tools.runningSupervisor());
      return await runBeside(supervisor, runOptions);
    },
    taskNames: async () => await taskNames(layout.logsDirectory),
    taskLog: async (task) => await taskLog(layout.logsDirectory, task),
    logs: (logOptions) => serviceLogs(layout.logsDirectory, logOptions),
  };
}

/** Whether everything a release runs from is still there. An image of a registry is pulled again when it is not. */
function isComplete(record: ReleaseRecord, stored: ReadonlySet<string>): boolean {
  const elsewhere = digestsElsewhere(record);
  return Object.entries(record.digests)
    .filter(([name]) => !record.migrations.includes(name))
    .every(([, digest]) => elsewhere.has(digest) || stored.has(artifactKey(digest)));
}
