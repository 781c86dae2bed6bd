import { resolve } from 'node:path';
import { type ProcessPlan, processPlan } from '../../../stacks/local/process-plan.js';
import type { AgentSpec } from '../../../stacks/spec/index.js';
import { AgentctlError } from '../../errors.js';
import { guardOf } from '../../supervisor/guard-keeper.js';
import { stateLayout } from '../../supervisor/state-layout.js';
import { gitFacts } from '../../tools/git/git-facts.js';
import { findRedisBinary } from '../../tools/redis/index.js';
import type { DeployTarget, PlanIdentity } from '../target.js';
import { localDoctor } from './local-doctor.js';
import { localTarget, type LocalTargetOptions, readSecrets, stageFacts } from './local-target.js';
import { planDeploy, type PlanDeployOptions } from './plan-deploy.js';
import { planMigrate } from './plan-migrate.js';

export interface LocalDeployTargetOptions extends LocalTargetOptions {
  readonly spec: AgentSpec;
  readonly specHash: string;
  /** Flags that repeat the choice of stage, for hints. */
  readonly flags: string;
}

/** A stage of the local target that can be brought to a spec. */
export function localDeployTarget(options: LocalDeployTargetOptions): DeployTarget {
  const { spec, specHash, stage, directory } = options;
  const processes = processPlan(spec, stage);
  const target = localTarget(options);
  const { tools } = target;

  const look = async (signal: AbortSignal, as: PlanIdentity): Promise<PlanDeployOptions> => {
    await preflight(processes, options);
    const digestOf = async ([context, recipe]: [string, ProcessPlan['contexts'][string]]) =>
      [context, await tools.artifacts.digestOf(resolve(directory, context), recipe)] as const;
    const [facts, digests, git] = await Promise.all([
      stageFacts(options, tools, as, signal),
      Promise.all(Object.entries(processes.contexts).map(digestOf)),
      gitFacts(directory, tools.environment, signal),
    ]);
    return { processes, specHash, facts: { ...facts, digests: Object.fromEntries(digests), git } };
  };

  return {
    ...target,
    planDeploy: async (signal, as) => planDeploy(await look(signal, as)),
    planMigrate: async (signal, as) => planMigrate(await look(signal, as)),
    doctor: async (signal) =>
      await localDoctor({
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
async function preflight(processes: ProcessPlan, options: LocalDeployTargetOptions): Promise<void> {
  const { spec, environment, flags } = options;
  if (spec.clouds.local?.runtime === 'docker') {
    throw new AgentctlError('TargetUnavailable', 'the docker runtime of the local target is not in this version', {
      fix: 'set clouds.local.runtime to process',
    });
  }
  if (processes.redis) await findRedisBinary(environment['PATH']);
  const { secrets } = readSecrets(options);
  const missing = spec.secrets.filter((name) => secrets[name] === undefined);
  if (missing.length > 0) {
    throw new AgentctlError('SecretMissing', `no value is set for ${missing.join(', ')}`, {
      fix: missing.map((name) => `agentctl secrets set ${name} ${flags}`).join('\n       '),
    });
  }
}
