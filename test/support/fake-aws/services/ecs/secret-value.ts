import type { Secret } from '@aws-sdk/client-ecs';
import type { FakeWorld } from '../../fake-world.js';
import { ServiceError } from '../../service-error.js';
import { secretsState } from '../secrets-manager/secrets-state.js';
import { ssmState } from '../ssm/ssm-state.js';

/** Values by variable, or why the task cannot start. */
export type ResolvedSecrets =
  | { readonly kind: 'resolved'; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: 'failed'; readonly reason: string };

/** What the agent of ECS does before a container starts. */
export function resolveSecrets(world: FakeWorld, secrets: readonly Secret[]): ResolvedSecrets {
  const values: Record<string, string> = {};
  for (const { name = '', valueFrom = '' } of secrets) {
    const isSecret = /^arn:[^:]+:secretsmanager:/.test(valueFrom);
    try {
      values[name] = isSecret ? secretOf(world, valueFrom) : parameterOf(world, valueFrom);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const [store, what] = isSecret ? ['asm', 'secret'] : ['ssm', 'parameter'];
      const reason = `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ${what} from ${store}: service call has been retried 1 time(s): failed to fetch ${what} ${valueFrom}: ${error.code}: ${error.message}`;
      return { kind: 'failed', reason };
    }
  }
  return { kind: 'resolved', values };
}

function parameterOf(world: FakeWorld, valueFrom: string): string {
  const name = /^arn:[^:]+:ssm:[^:]*:[^:]*:parameter(\/.+)$/.exec(valueFrom)?.[1] ?? valueFrom;
  const parameters = world.state(ssmState);
  const found = parameters.get(name) ?? parameters.get(name.replace(/^\//, ''));
  if (found === undefined) throw new ServiceError('InvalidParameters', name);
  return found.value;
}

/** `arn:…:secret:name[:json-key[:stage[:version]]]` */
function secretOf(world: FakeWorld, valueFrom: string): string {
  const parts = valueFrom.split(':');
  const [key = '', stage = '', versionId = ''] = parts.slice(7);
  const secret = world.state(secretsState).find(parts.slice(0, 7).join(':'));
  if (secret === undefined || secret.deletionDate !== undefined) {
    throw new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }
  const version = [...secret.versions.values()].find(({ id, stages }) =>
    versionId === '' ? stages.has(stage === '' ? 'AWSCURRENT' : stage) : id === versionId,
  );
  if (version?.text === undefined) {
    const message = `Secrets Manager can't find the specified secret value for staging label: ${stage || 'AWSCURRENT'}`;
    throw new ServiceError('ResourceNotFoundException', message);
  }
  if (key === '') return version.text;
  const value = (JSON.parse(version.text) as Record<string, unknown>)[key];
  if (value === undefined) {
    const message = `retrieved secret from Secrets Manager did not contain json key ${key}`;
    throw new ServiceError('ResourceNotFoundException', message);
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
