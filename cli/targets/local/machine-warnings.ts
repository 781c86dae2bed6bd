import { processPlan } from '../../../stacks/local/process-plan.js';
import type { AgentSpec } from '../../../stacks/spec/index.js';
import { redisProgram } from '../../tools/redis/index.js';

/** What this machine lacks to run a spec as processes. No error of the file, which may be deployed on another one. */
export function machineWarnings(spec: AgentSpec, stage: string, searchPath: string | undefined): readonly string[] {
  if (spec.clouds.local?.runtime === 'docker') return [];
  if (!processPlan(spec, stage).redis || redisProgram(searchPath) !== undefined) return [];
  return [
    'a deploy on this machine needs Redis, and neither redis-server nor valkey-server is on the PATH: install one, or use one that runs elsewhere ({ external: … })',
  ];
}
