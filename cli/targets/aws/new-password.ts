import {
  databaseLoginOf,
  generatedPassword,
  nextDatabaseSecretText,
  passwordBytes,
} from '../../../stacks/aws/generated-secrets.js';
import {
  type GeneratedPart,
  generatedParts,
  generatedSecretName,
  type StageScope,
} from '../../../stacks/aws/naming.js';
import { AgentctlError } from '../../errors.js';
import type { StageTools } from './open-stage-tools.js';

/**
 * A new password of a part, as its secret holds it; undefined: the stage has no such part.
 *
 * @throws Refused for a part whose service would turn away what runs, or whose service is not asked from here
 */
export async function newPassword(
  scope: StageScope,
  name: string,
  { aws, random }: Pick<StageTools, 'aws' | 'random'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const part = generatedParts.find((known) => known === name);
  if (part === undefined) return undefined;
  const secret = generatedSecretName(scope, part);
  const current = await aws.secrets.read(secret, signal);
  if (current === undefined) return undefined;
  if (part === 'postgres')
    return nextDatabaseSecretText(databaseLoginOf(current), generatedPassword(random(passwordBytes)));
  throw new AgentctlError('Refused', `the password of ${part} cannot be rotated by agentctl`, {
    fix: `${byHand[part]}; then put it into the secret ${secret} and deploy (docs/aws.md, "Passwords of the data")`,
  });
}

const byHand: Readonly<Record<Exclude<GeneratedPart, 'postgres'>, string>> = {
  cache: 'give ElastiCache a second token (modify-replication-group, strategy ROTATE)',
  queue: 'change it where the queue is: ElastiCache takes a second token (strategy ROTATE), RabbitMQ changes the user',
  search: 'change the master user of the domain (OpenSearch, update-domain-config)',
};
