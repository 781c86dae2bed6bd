import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ProcessPlan, processPlan } from '../../../stacks/local/process-plan.js';
import type { AgentSpec } from '../../../stacks/spec/index.js';
import { AgentctlError } from '../../errors.js';
import { fileLedger } from '../../ledger/file-ledger.js';
import { lastReleased } from '../../ledger/release-record.js';
import { localSteps } from '../../steps/local/index.js';
import type { LocalTools } from '../../steps/local/local-tools.js';
import { guardOf } from '../../supervisor/guard-keeper.js';
import { connectSupervisor, ensureSupervisor } from '../../supervisor/launch.js';
import { ensureGenerated, readSecretStore, setSecrets } from '../../supervisor/secret-store.js';
import { stateLayout } from '../../supervisor/state-layout.js';
import { stopSupervisor } from '../../supervisor/stop-supervisor.js';
import { artifactStore } from '../../tools/artifacts/artifact-store.js';
import { gitFacts } from '../../tools/git/git-facts.js';
import { lineTail } from '../../tools/logs/line-tail.js';
import { passedEnvironment } from '../../tools/process/index.js';
import { findRedisBinary } from '../../tools/redis/index.js';
import type { PlanIdentity, Target } from '../target.js';
import { httpProbe } from './http-probe.js';
import { localDoctor } from './local-doctor.js';
import type { LocalFacts } from './local-facts.js';
import { planDeploy } from './plan-deploy.js';
import { planDestroy } from './plan-destroy.js';
import { removeEmptyState, removeStageState, stagePaths } from './remove-stage-state.js';
import { secretsVersion } from './secrets-version.js';
import { releaseLog, serviceLogs } from './service-logs.js';
import { stageStatus } from './stage-status.js';

export interface LocalTargetOptions {
  readonly spec: AgentSpec;
  readonly specHash: string;
  readonly stage: string;
  /** Where agentctl.yaml is. */
  readonly projectDirectory: string;
  readonly stateDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Files in the build context that are not part of what is built: the config file, a plan. Absolute. */
  readonly leftOut: readonly string[];
  /** Flags that repeat the choice of project, for hints. */
  readonly flags: string;
}

/** The local target with the process runtime: real processes and a real PostgreSQL on this machine. */
export function localTarget(options: LocalTargetOptions): Target {
  const { spec, specHash, stage, stateDirectory } = options;
  const layout = stateLayout(stateDirectory);
  const processes = processPlan(spec, stage);
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
    async planDeploy(signal, as) {
      await preflight(processes, spec, options);
      // What was deployed should run: a supervisor that a crash or a reboot took away is started first.
      if (existsSync(layout.desiredFile)) await ensureSupervisor(stateDirectory, { signal });
      return planDeploy({ processes, specHash, facts: await localFacts(options, processes, tools, as, signal) });
    },
    async planDestroy(how) {
      const running = await (await connectSupervisor(stateDirectory))?.status();
      return planDestroy({ ...how, name: spec.name, stage, specHash, release: running?.servingRelease ?? null });
    },
    async exists({ data }) {
      if ((await connectSupervisor(stateDirectory)) !== undefined) return true;
      return (await stagePaths(stateDirectory)).some((path) => data || path.data === undefined);
    },
    forgetIfEmpty: async () => await removeEmptyState(stateDirectory),
    secretNames: () => Promise.resolve(Object.keys(readSecretStore(stateDirectory).secrets)),
    async setSecret(name, value) {
      await mkdir(stateDirectory, { recursive: true, mode: 0o700 });
      ensureGenerated(stateDirectory, ['fingerprint.key']);
      setSecrets(stateDirectory, { [name]: value });
    },
    async status() {
      const running = await (await connectSupervisor(stateDirectory))?.status();
      const record = existsSync(layout.desiredFile) ? lastReleased(await ledger.list()) : undefined;
      return stageStatus(running, record, guardOf(layout) !== undefined);
    },
    logs: (logOptions) => serviceLogs(layout.logsDirectory, logOptions),
    doctor: async (signal) => {
      const guard = guardOf(layout);
      return await localDoctor({ processes, tools, guard, searchPath: options.environment['PATH'], signal });
    },
  };
}

function localTools(options: LocalTargetOptions): LocalTools {
  const { stateDirectory, projectDirectory } = options;
  return {
    supervisor: async (signal) => await ensureSupervisor(stateDirectory, { signal }),
    runningSupervisor: async () => await connectSupervisor(stateDirectory),
    stopSupervisor: async (signal) => await stopSupervisor(stateDirectory, { signal }),
    artifacts: artifactStore(join(stateDirectory, 'artifacts'), options.leftOut),
    ledger: fileLedger(join(stateDirectory, 'releases')),
    projectDirectory,
    environment: passedEnvironment(options.environment),
    tailOf: (file) => lineTail(file),
    releaseLog: async (release, lines) => await releaseLog(stateLayout(stateDirectory).logsDirectory, release, lines),
    probe: httpProbe,
    sleep: async (seconds, signal) => await delay(seconds * 1000, undefined, { signal }),
    removeState: async (what) => await removeStageState(stateDirectory, what),
  };
}

/** @throws ToolMissing, SecretMissing or TargetUnavailable before anything is changed */
async function preflight(processes: ProcessPlan, spec: AgentSpec, options: LocalTargetOptions): Promise<void> {
  if (spec.clouds.local?.runtime === 'docker') {
    throw new AgentctlError('TargetUnavailable', 'the docker runtime of the local target is not in this version', {
      fix: 'set clouds.local.runtime to process',
    });
  }
  if (processes.redis) await findRedisBinary(options.environment['PATH']);
  const { secrets } = readSecretStore(options.stateDirectory);
  const missing = spec.secrets.filter((name) => secrets[name] === undefined);
  if (missing.length > 0) {
    throw new AgentctlError('SecretMissing', `no value is set for ${missing.join(', ')}`, {
      fix: missing.map((name) => `agentctl secrets set ${name} ${options.flags}`).join('\n       '),
    });
  }
}

async function localFacts(
  options: LocalTargetOptions,
  processes: ProcessPlan,
  tools: LocalTools,
  { runId, madeAt }: PlanIdentity,
  signal: AbortSignal,
): Promise<LocalFacts> {
  const { projectDirectory, stateDirectory } = options;
  const digestOf = async ([context, recipe]: [string, ProcessPlan['contexts'][string]]) =>
    [context, await tools.artifacts.digestOf(resolve(projectDirectory, context), recipe)] as const;
  const [records, supervisor, digests, git] = await Promise.all([
    tools.ledger.list(),
    tools.runningSupervisor(),
    Promise.all(Object.entries(processes.contexts).map(digestOf)),
    gitFacts(projectDirectory, tools.environment, signal),
  ]);
  return {
    records,
    running: await supervisor?.status({ signal }),
    digests: Object.fromEntries(digests),
    secretsVersion: secretsVersion(readSecretStore(stateDirectory)),
    git,
    user: userInfo().username,
    host: hostname(),
    now: madeAt,
    runId,
  };
}
