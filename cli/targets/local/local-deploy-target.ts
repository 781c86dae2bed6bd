import { resolve } from 'node:path';
import { type StagePlan, stagePlan } from '../../../stacks/local/stage-plan.js';
import { type AgentSpec, type Platform, platformOf, secretNamesIn } from '../../../stacks/spec/index.js';
import { AgentctlError } from '../../errors.js';
import { guardOf } from '../../supervisor/guard-keeper.js';
import { stateLayout } from '../../supervisor/state-layout.js';
import { gitFacts } from '../../tools/git/git-facts.js';
import { findRedisBinary } from '../../tools/redis/index.js';
import type { DeployTarget, PlanIdentity } from '../target.js';
import { localDoctor } from './local-doctor.js';
import { localTarget } from './local-target.js';
import { type LocalTargetOptions, type OpenLocalTools, readSecrets } from './open-local-tools.js';
import { planDeploy, type PlanDeployOptions } from './plan-deploy.js';
import { planMigrate } from './plan-migrate.js';
import { stageFacts } from './stage-facts.js';

export interface LocalDeployTargetOptions extends LocalTargetOptions {
  readonly spec: AgentSpec;
  readonly specHash: string;
  /** Flags that repeat the choice of stage, for hints. */
  readonly flags: string;
}

/** A stage of the local target that can be brought to a spec. */
export function localDeployTarget(options: LocalDeployTargetOptions): DeployTarget {
  const { spec, specHash, stage, directory } = options;
  const processes = stagePlan(spec, stage);
  const target = localTarget({ ...options, ...registryLoginOf(spec) });
  const { tools } = target;

  const look = async (signal: AbortSignal, as: PlanIdentity): Promise<PlanDeployOptions> => {
    await preflight(processes, options);
    const platform = processes.runtime === 'docker' ? await machinePlatform(tools, signal) : 'linux/amd64';
    const [facts, digests, git] = await Promise.all([
      stageFacts(options, tools, as, signal),
      digestsOf(processes, { tools, directory, platform }),
      gitFacts(directory, tools.environment, signal),
    ]);
    const { key } = stateLayout(options.stateDirectory);
    return { processes, specHash, facts: { ...facts, digests, git, platform, key } };
  };

  return {
    ...target,
    planDeploy: async (signal, as) => planDeploy(await look(signal, as)),
    planMigrate: async (signal, as) => planMigrate(await look(signal, as)),
    doctor: async (signal) =>
      await localDoctor({
        spec,
        processes,
        tools,
        stateDirectory: options.stateDirectory,
        guard: guardOf(stateLayout(options.stateDirectory)),
        searchPath: options.environment['PATH'],
        directory,
        declaredSecrets: spec.secrets,
        flags: options.flags,
        signal,
      }),
  };
}

/** @throws ToolMissing, SecretMissing or TargetUnavailable before anything is changed */
async function preflight(processes: StagePlan, options: LocalDeployTargetOptions): Promise<void> {
  const { spec, environment, flags } = options;
  if (processes.runtime === 'process' && processes.redis) await findRedisBinary(environment['PATH']);
  const { secrets } = readSecrets(options);
  const missing = spec.secrets.filter((name) => secrets[name] === undefined);
  if (missing.length > 0) {
    throw new AgentctlError('SecretMissing', `no value is set for ${missing.join(', ')}`, {
      fix: missing.map((name) => `agentctl secrets set ${name} ${flags}`).join('\n       '),
    });
  }
}

interface DigestOptions {
  readonly tools: OpenLocalTools;
  /** That sources are relative to. */
  readonly directory: string;
  readonly platform: Platform;
}

/** What each source is made of. Reading it also finds what may not be built. */
async function digestsOf(
  processes: StagePlan,
  { tools, directory, platform }: DigestOptions,
): Promise<Record<string, string>> {
  const entries = Object.entries(processes.runtime === 'process' ? processes.contexts : processes.images);
  const digestOf = async (source: string, made: (typeof entries)[number][1]): Promise<string> => {
    if (!('kind' in made)) return await tools.artifacts.digestOf(resolve(directory, source), made);
    if (made.kind === 'ref') return made.ref.slice(made.ref.indexOf('@') + 1);
    const { target, args, secrets } = made;
    const context = resolve(directory, made.context);
    return await tools.stageImages.store.contentHash(context, {
      dockerfile: resolve(context, made.dockerfile),
      target,
      args,
      platform: platformOf(made, 'local', platform),
      secrets,
    });
  };
  return Object.fromEntries(
    await Promise.all(entries.map(async ([source, made]) => [source, await digestOf(source, made)] as const)),
  );
}

/** Images are built for nothing else than these two. */
async function machinePlatform({ stageImages }: OpenLocalTools, signal: AbortSignal): Promise<Platform> {
  const { platform } = await stageImages.engine(signal);
  return platform === 'linux/arm64' ? 'linux/arm64' : 'linux/amd64';
}

/** A rule of the spec makes sure that the password is one secret. */
function registryLoginOf({ clouds: { local } }: AgentSpec): Pick<LocalTargetOptions, 'registryLogin'> {
  const login = local?.registryLogin;
  const [secret] = secretNamesIn(login?.password ?? '');
  if (login === undefined || secret === undefined || local?.registry === undefined) return {};
  const [registry = ''] = local.registry.split('/');
  return { registryLogin: { registry, username: login.username, secret } };
}
