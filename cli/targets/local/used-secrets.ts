import type { StagePlan } from '../../../stacks/local/stage-plan.js';
import { secretNamesIn } from '../../../stacks/spec/index.js';
import type { StageFacts } from './local-facts.js';

/** Pure: the secrets that something in the plan refers to, with their versions. */
export function usedSecrets(
  { services, schedules, migrations }: StagePlan,
  { secretVersions }: Pick<StageFacts, 'secretVersions'>,
): Record<string, string> {
  const templates = [...services, ...schedules, ...migrations].flatMap(({ env, command }) => [
    ...Object.values(env),
    ...command,
  ]);
  const names = [...new Set(templates.flatMap(secretNamesIn))].toSorted();
  return Object.fromEntries(names.map((name) => [name, secretVersions[name] ?? 'unknown']));
}
