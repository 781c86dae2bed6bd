import type { StagePlan } from '../../../stacks/local/stage-plan.js';
import { type AgentSpec, columnOf } from '../../../stacks/spec/index.js';
import { isAgentctlError, messageOf } from '../../errors.js';
import { bundledPostgresVersion } from '../../tools/postgres/index.js';
import { type ProcessIdentity, isPortFree } from '../../tools/process/index.js';
import { findRedisBinary } from '../../tools/redis/index.js';
import { dockerfileFindings } from '../dockerfile-findings.js';
import type { Finding } from '../target.js';
import { commandFindings } from './command-findings.js';
import type { OpenLocalTools } from './open-local-tools.js';
import { secretFindings, type SecretFindingsOptions } from './secret-findings.js';
import { stateFindings } from './state-findings.js';
import { supervisorFindings } from './supervisor-findings.js';

export interface LocalDoctorOptions extends SecretFindingsOptions {
  readonly spec: AgentSpec;
  readonly processes: StagePlan;
  readonly tools: OpenLocalTools;
  /** The process that starts a supervisor again when it dies. */
  readonly guard: ProcessIdentity | undefined;
  readonly searchPath: string | undefined;
  /** Where the config file is. */
  readonly directory: string;
  readonly signal: AbortSignal;
}

/** Looks at everything a local deploy needs, and says what is not there. Changes nothing. */
export async function localDoctor(options: LocalDoctorOptions): Promise<readonly Finding[]> {
  const { processes, tools, signal } = options;
  const running = await (await tools.runningSupervisor())?.status({ signal });
  return [
    nodeFinding(process.versions.node),
    ...supervisorFindings(running, options.guard),
    ...(await runtimeFindings(options)),
    ...secretFindings(options),
    ...stateFindings(options.stateDirectory),
    ...(columnOf(options.spec, 'local') === 'local-docker'
      ? await dockerfileFindings(options.spec, options.directory)
      : []),
    ...(await portFindings(processes, running !== undefined)),
  ];
}

async function runtimeFindings(options: LocalDoctorOptions): Promise<readonly Finding[]> {
  const { processes, directory, tools, searchPath, signal } = options;
  if (processes.runtime === 'docker') return [await engineFinding(tools, signal)];
  return [
    ...(processes.postgres === undefined ? [] : [postgresFinding()]),
    ...(processes.redis ? [await redisFinding(searchPath)] : []),
    ...commandFindings(processes, { directory, searchPath }),
  ];
}

async function engineFinding({ stageImages }: OpenLocalTools, signal: AbortSignal): Promise<Finding> {
  try {
    const { kind, serverVersion, platform } = await stageImages.engine(signal);
    return { level: 'ok', subject: 'engine', message: `${kind} ${serverVersion} on ${platform}` };
  } catch (error) {
    return problemFinding('engine', error, 'install Docker');
  }
}

/** The lowest Node.js that `engines` in package.json allows. */
const oldestNode = { major: 20, minor: 19 };

function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const recent = major > oldestNode.major || (major === oldestNode.major && minor >= oldestNode.minor);
  if (recent) return { level: 'ok', subject: 'node', message: version };
  const fix = `install Node.js ${oldestNode.major}.${oldestNode.minor} or later`;
  return { level: 'problem', subject: 'node', message: `${version} is too old`, fix };
}

function postgresFinding(): Finding {
  try {
    return { level: 'ok', subject: 'postgres', message: `${bundledPostgresVersion()}, bundled` };
  } catch (error) {
    return problemFinding('postgres', error, 'install agentctl again');
  }
}

function problemFinding(subject: string, error: unknown, otherwise: string): Finding {
  return { level: 'problem', subject, message: messageOf(error), fix: isAgentctlError(error) ? error.fix : otherwise };
}

async function redisFinding(searchPath: string | undefined): Promise<Finding> {
  try {
    const { path, version } = await findRedisBinary(searchPath);
    return { level: 'ok', subject: 'redis', message: `${path} ${version}` };
  } catch (error) {
    return problemFinding('redis', error, 'install Redis');
  }
}

async function portFindings({ gatewayPort, postgres }: StagePlan, isRunning: boolean): Promise<readonly Finding[]> {
  const wanted = [
    { field: 'clouds.local.port', port: gatewayPort },
    { field: 'clouds.local.postgres.port', port: postgres?.port },
  ];
  const findings: Finding[] = [];
  for (const { field, port } of wanted) {
    if (port === undefined || isRunning) continue;
    findings.push(
      (await isPortFree(port))
        ? { level: 'ok', subject: 'port', message: `${port} is free` }
        : {
            level: 'problem',
            subject: 'port',
            message: `${port} is taken`,
            fix: `stop what listens on it, or remove ${field}`,
          },
    );
  }
  return findings;
}
