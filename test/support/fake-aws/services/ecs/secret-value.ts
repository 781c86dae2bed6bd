import type { Secret } from '@aws-sdk/client-ecs';
import { messageOf } from '../../../../../cli/errors.js';
import type { FakeWorld } from '../../fake-world.js';
import { ServiceError } from '../../service-error.js';

/** Where values are; set by the services that keep them. */
export interface SecretSources {
  /** By name. @throws ServiceError */
  parameter: (name: string) => string;
  /** By ARN or name. @throws ServiceError */
  secret: (id: string, stage: string) => string;
}

/** The sources of one fake: `world.state(secretSources)`. */
export function secretSources(): SecretSources {
  return {
    parameter: () => {
      throw new ServiceError('ParameterNotFound', 'no parameters are kept');
    },
    secret: () => {
      throw new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    },
  };
}

/** Values by variable, or why the task cannot start. */
export type ResolvedSecrets =
  | { readonly kind: 'resolved'; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: 'failed'; readonly reason: string };

/** What the agent of ECS does before a container starts. */
export async function resolveSecrets(world: FakeWorld, secrets: readonly Secret[]): Promise<ResolvedSecrets> {
  const values: Record<string, string> = {};
  for (const { name = '', valueFrom = '' } of secrets) {
    const isSecret = /^arn:[^:]+:secretsmanager:/.test(valueFrom);
    try {
      values[name] = isSecret ? secretOf(world, valueFrom) : parameterOf(world, valueFrom);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const [store, what] = isSecret ? ['asm', 'secret'] : ['ssm', 'parameter'];
      const reason = `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ${what} from ${store}: service call has been retried 1 time(s): failed to fetch ${what} ${valueFrom}: ${error.code}: ${messageOf(error)}`;
      return { kind: 'failed', reason };
    }
  }
  return { kind: 'resolved', values };
}

function parameterOf(world: FakeWorld, valueFrom: string): string {
  const name = /^arn:[^:]+:ssm:[^:]*:[^:]*:parameter(\/.+)$/.exec(valueFrom)?.[1] ?? valueFrom;
  return world.state(secretSources).parameter(name);
}

/** `arn:…:secret:name[:json-key[:stage[:version]]]` */
function secretOf(world: FakeWorld, valueFrom: string): string {
  const parts = valueFrom.split(':');
  const text = world.state(secretSources).secret(parts.slice(0, 7).join(':'), parts[8] || 'AWSCURRENT');
  const key = parts[7] ?? '';
  if (key === '') return text;
  const value = (JSON.parse(text) as Record<string, unknown>)[key];
  if (value === undefined) {
    throw new ServiceError(
      'ResourceNotFoundException',
      `retrieved secret from Secrets Manager did not contain json key ${key}`,
    );
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
