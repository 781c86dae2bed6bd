import { existsSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { fileLedger } from '../../ledger/file-ledger.js';
import { lastReleased } from '../../ledger/release-record.js';
import { rollbackTarget } from '../../ledger/rollback-target.js';
import { localSteps } from '../../steps/local/index.js';
import type { LocalTools } from '../../steps/local/local-tools.js';
import { connectSupervisor, ensureSupervisor } from '../../supervisor/launch.js';
import {
  forgetReplacedSecret,
  promoteSecret,
  readSecretStore,
  restoreSecret,
  setSecrets,
  stageSecret,
} from '../../supervisor/secret-store.js';
import { stateLayout } from '../../supervisor/state-layout.js';
import { stopSupervisor } from '../../supervisor/stop-supervisor.js';
import { artifactKey, artifactStore } from '../../tools/artifacts/artifact-store.js';
import { lineTail } from '../../tools/logs/line-tail.js';
import { passedEnvironment } from '../../tools/process/index.js';
import type { PlanIdentity, Target } from '../target.js';
import { httpProbe } from './http-probe.js';
import type { StageFacts } from './local-facts.js';
import { planDestroy } from './plan-destroy.js';
import { planReissue } from './plan-reissue.js';
import { removeEmptyState, removeStageState, stagePaths } from './remove-stage-state.js';
import { runBeside } from './run-beside.js';
import { releaseLog, serviceLogs, serviceNames, taskLog, taskNames } from './service-logs.js';
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
  /** Files in the build context that are not part of what is built: the config file, a plan. Absolute. @default - none */
  readonly leftOut?: readonly string[];
}

/** A stage of the local target with the process runtime: real processes and a real PostgreSQL on this machine. */
export function localTarget(options: LocalTargetOptions): Target & { readonly tools: LocalTools } {
  const { name, stage, stateDirectory } = options;
  const layout = stateLayout(stateDirectory);
  const tools = localTools(options);
  const { ledger } = tools;

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
      const record = facts.records.find(({ id }) => id === facts.running?.servingRelease);
      if (record?.secrets[secret.name] === undefined) return null;
      const secretVersions = { ...facts.secretVersions, [secret.name]: secret.version };
      return planReissue({ facts: { ...facts, secretVersions }, name, stage, record, secret: secret.name });
    },
    async planDestroy(how) {
      const running = await (await connectSupervisor(stateDirectory))?.status();
      const specHash = lastReleased(await ledger.list())?.specHash ?? 'none';
      return planDestroy({ ...how, name, stage, specHash, release: running?.servingRelease ?? null });
    },
    async exists({ data }) {
      if ((await connectSupervisor(stateDirectory)) !== undefined) return true;
      return (await stagePaths(stateDirectory)).some((path) => data || path.data === undefined);
    },
    forgetIfEmpty: async () => await removeEmptyState(stateDirectory),
    secretNames: () => Promise.resolve(Object.keys(readSecretStore(stateDirectory).secrets)),
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
      return stageStatus(running, existsSync(layout.desiredFile) ? lastReleased(await ledger.list()) : undefined);
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
  const supervisor = async (signal: AbortSignal) => await ensureSupervisor(stateDirectory, { signal });
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
    schemaRevision: () => Promise.resolve(null),
    rotation: {
      promote: (secret) => promoteSecret(stateDirectory, secret),
      restore: (secret) => restoreSecret(stateDirectory, secret),
      forget: (secret) => forgetReplacedSecret(stateDirectory, secret),
    },
    removeState: async (what) => await removeStageState(stateDirectory, what),
  };
}

/**
 * Reads what a plan depends on. What was deployed should run: a supervisor that a crash or a reboot took away is started
 * first.
 */
export async function stageFacts(
  { stateDirectory }: LocalTargetOptions,
  tools: LocalTools,
  { runId, madeAt }: PlanIdentity,
  signal: AbortSignal,
): Promise<StageFacts> {
  const deployed = existsSync(stateLayout(stateDirectory).desiredFile);
  const supervisor = deployed ? await tools.supervisor(signal) : await tools.runningSupervisor();
  const [records, running, schema, artifacts] = await Promise.all([
    tools.ledger.list(),
    supervisor?.status({ signal }),
    supervisor === undefined ? null : tools.schemaRevision(signal),
    tools.artifacts.list(),
  ]);
  return {
    records,
    running,
    secretVersions: readSecretStore(stateDirectory).versions,
    schema,
    artifacts,
    user: userInfo().username,
    host: hostname(),
    now: madeAt,
    runId,
  };
}
