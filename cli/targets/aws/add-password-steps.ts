import { generatedSecretName } from '../../../stacks/aws/naming.js';
import type { StepList } from '../../plan/plan-builder.js';
import type { Deferred, StepHandle } from '../../plan/reference.js';
import { admitUsers } from '../../steps/aws/admit-users.js';
import { settlePassword } from '../../steps/aws/settle-password.js';
import type { AwsStageFacts } from './aws-facts.js';

/** The secret that a rotation of the database's password is of, and the name it is given in commands. */
export const databaseSecret = 'postgres';

/** Takes a rotation of the database's password back that was cut short, and that nobody has resumed. */
export function addSettling(
  list: StepList,
  { scope, stacks, pending }: Pick<AwsStageFacts, 'scope' | 'stacks' | 'pending'>,
): readonly StepHandle<unknown>[] {
  const name = generatedSecretName(scope, databaseSecret);
  const instance = stacks.foundation?.outputs['PostgresInstanceId'];
  if (instance === undefined || !pending.has(name)) return [];
  return [list.add('settle', settlePassword, { secret: databaseSecret, name, instance })];
}

/** What {@link addPooler} has to know. */
export interface AddPoolerOptions {
  readonly facts: Pick<AwsStageFacts, 'scope'>;
  /** Outputs of the foundation stack. */
  readonly foundation: Deferred<Record<string, string>>;
  readonly after: readonly StepHandle<unknown>[];
}

/** Has the pooler know the password of now before anything may log in with it. */
export function addPooler(list: StepList, { facts, foundation, after }: AddPoolerOptions): StepHandle<unknown> {
  return list.add('pooler', admitUsers, { scope: { ...facts.scope }, foundation, only: false }, { after });
}

/** Has the pooler forget the password of before: nothing that runs has it any more. */
export function addPoolerEnd(list: StepList, { facts, foundation, after }: AddPoolerOptions): StepHandle<unknown> {
  return list.add('pooler-end', admitUsers, { scope: { ...facts.scope }, foundation, only: true }, { after });
}
