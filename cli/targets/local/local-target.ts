import { existsSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { fileLedger } from '../../ledger/file-ledger.js';
import { lastReleased } from '../../ledger/release-record.js';
import { rollbackTarget } from '../../ledger/rollback-target.js';
import { localSteps } from '../../steps/local/index.js';
import type { LocalTools } from '../../steps/local/local-tools.js';
import { damageOf } from '../../state-file.js';
import { readDesired } from '../../supervisor/desired-state.js';
import { guardOf } from '../../supervisor/guard-keeper.js';
import { connectSupervisor, ensureSupervisor } from '../../supervisor/launch.js';
import { forgetReplacedSecret, promoteSecret, restoreSecret, stageSecret } from '../../supervisor/secret-rotation.js';
import { readSecretStore, type SecretStore, secretValues, setSecrets } from '../../supervisor/secret-store.js';
import { stateLayout } from '../../supervisor/state-layout.js';
import { stopSupervisor } from '../../supervisor/stop-supervisor.js';
import { artifactKey, artifactStore } from '../../tools/artifacts/artifact-store.js';
import { lineTail } from '../../tools/logs/line-tail.js';
import { passedEnvironment } from '../../tools/process/index.js';
import type { PlanIdentity, Target } from '../target.js';
import { hasDatabase } from './has-database.js';
import { httpProbe } from './http-probe.js';
import type { StageFacts } from './local-facts.js';
import { planDestroy } from './plan-destroy.js';
import { planReissue } from './plan-reissue.js';
import { postgresData, removeEmptyState, removeStageState, stagePaths } from './remove-stage-state.js';
import { runBeside } from './run-beside.js';
import { releaseLog, serviceLogs, serviceNames, taskLog, taskNames } from './service-logs.js';
import { stageBackups } from './stage-backups.js';
import { stageStatus } from './stage-status.js';

/** What of this machine a stage is kept with. */
export interface LocalTargetOptions {
  /** Name of the agent. */
  readonly name: string;
  readonly stage: string;
  /** Where agentctl.yaml is, or was. */
  readonly directory: string;
  readonly stateDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Takes every secret value that is read, so that it is never shown. */
  readonly mask: (values: readonly string[]) => void;
  /** Files in the build context that are not part of what is built: the config file, a plan. Absolute. @default - none */
  readonly leftOut?: readonly string[];
}

/** A stage of the local target with the process runtime: real processes and a real PostgreSQL on this machine. */
export function localTarget(options: LocalTargetOptions): Target & { readonly tools: LocalTools } {
  const { name, stage, stateDirectory } = options;
  const layout = stateLayout(stateDirectory);
  const tools = localTools(options);
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
        isComplete: ({ digests }) => Object.values(digests).every((digest) => stored.has(artifactKey(digest))),
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
      const [stageNow, records, paths] = await Promise.all([about(), ledger.list(), stagePaths(stateDirectory)]);
      return planDestroy({
        ...how,
        ...stageNow,
        records,
        hasDatabase: paths.some(({ data }) => data === postgresData),
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

function localTools(options: LocalTargetOptions): LocalTools {
  const { stateDirectory, directory } = options;
  const supervisor = async (signal: AbortSignal) => {
    const running = await connectSupervisor(stateDirectory);
    if (running !== undefined) return running;
    // A new one would read both, and could say what is wrong with them only in its log.
    readDesired(stateLayout(stateDirectory));
    readSecrets(options);
    return await ensureSupervisor(stateDirectory, { signal });
  };
  return {
    supervisor,
    runningSupervisor: async () => await connectSupervisor(stateDirectory),
    stopSupervisor: async (signal) => await stopSupervisor(stateDirectory, { signal }),
    artifacts: artifactStore(join(stateDirectory, 'artifacts'), options.leftOut ?? []),
    ledger: fileLedger(join(stateDirectory, 'releases')),
    projectDirectory: directory,
    environment: passedEnvironment(options.environment),
    tailOf: (file) => lineTail(file),
    releaseLog: async (release, lines) => await releaseLog(stateLayout(stateDirectory).logsDirectory, release, lines),
    probe: httpProbe,
    sleep: async (seconds, signal) => await delay(seconds * 1000, undefined, { signal }),
    schemaRevision: async (signal) => await (await supervisor(signal)).schemaRevision({ signal }).catch(() => null),
    rotation: {
      promote: (secret) => {
        readSecrets(options);
        promoteSecret(stateDirectory, secret);
      },
      restore: (secret) => {
        readSecrets(options);
        restoreSecret(stateDirectory, secret);
      },
      forget: (secret) => forgetReplacedSecret(stateDirectory, secret),
    },
    removeState: async (what) => await removeStageState(stateDirectory, what),
  };
}

/**
 * Reads the values of secrets; none of them is shown from then on.
 *
 * @throws StateUnreadable
 */
export function readSecrets({ stateDirectory, mask }: LocalTargetOptions): SecretStore {
  const store = readSecretStore(stateDirectory);
  mask(secretValues(store));
  return store;
}

/**
 * Reads what a plan depends on. What was deployed should run: a supervisor that a crash or a reboot took away is started
 * first.
 *
 * @throws StateUnreadable for a damaged record of the release that serves, to which a failure would have to return
 */
export async function stageFacts(
  options: LocalTargetOptions,
  tools: LocalTools,
  { runId, madeAt }: PlanIdentity,
  signal: AbortSignal,
): Promise<StageFacts> {
  const { stateDirectory } = options;
  const deployed = existsSync(stateLayout(stateDirectory).desiredFile);
  const supervisor = deployed ? await tools.supervisor(signal) : await tools.runningSupervisor();
  const [records, damaged, running, schema, artifacts] = await Promise.all([
    tools.ledger.list(),
    tools.ledger.damaged(),
    supervisor?.status({ signal }),
    supervisor === undefined ? null : tools.schemaRevision(signal),
    tools.artifacts.list(),
  ]);
  const inTheWay = damaged.find(({ id, problem }) => id === running?.servingRelease || damageOf(problem) === 'newer');
  if (inTheWay !== undefined) throw inTheWay.problem;
  return {
    records,
    damaged,
    running,
    secretVersions: readSecrets(options).versions,
    schema,
    hasDatabase: hasDatabase(stateDirectory),
    artifacts,
    user: userInfo().username,
    host: hostname(),
    now: madeAt,
    runId,
  };
}
