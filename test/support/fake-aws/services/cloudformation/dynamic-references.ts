import type { FakeWorld } from '../../fake-world.js';
import { secretsState } from '../secrets-manager/secrets-state.js';
import { ssmState } from '../ssm/ssm-state.js';

/** Puts values in place of `{{resolve:…}}`, as CloudFormation does right before it calls a resource's service. */
export function withReferences(value: unknown, world: FakeWorld): unknown {
  if (Array.isArray(value)) return value.map((item) => withReferences(item, world));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withReferences(item, world)]));
  }
  if (typeof value !== 'string') return value;
  return value.replaceAll(
    /\{\{resolve:(ssm|ssm-secure|secretsmanager):([^}]+)\}\}/g,
    (_, service: string, path: string) =>
      service === 'secretsmanager' ? secretValue(path, world) : parameterValue(path, world),
  );
}

function parameterValue(path: string, world: FakeWorld): string {
  const [name = ''] = path.split(':');
  const parameter = world.state(ssmState).get(name);
  if (parameter === undefined) throw new Error(`Parameters: [ssm:${path}] cannot be found.`);
  return parameter.value;
}

/** `secret-id:SecretString:json-key:version-stage:version-id`; an ARN has colons of its own. */
function secretValue(path: string, world: FakeWorld): string {
  const [, id = '', key = '', stage = 'AWSCURRENT', versionId = ''] =
    /^((?:arn:[^:]+:[^:]+:[^:]*:[^:]*:secret:)?[^:]+)(?::SecretString(?::([^:]*))?(?::([^:]*))?(?::([^:]*))?)?$/.exec(
      path,
    ) ?? [];
  const secret = world.state(secretsState).find(id);
  const version = [...(secret?.versions.values() ?? [])].find((candidate) =>
    versionId === '' ? candidate.stages.has(stage === '' ? 'AWSCURRENT' : stage) : candidate.id === versionId,
  );
  if (secret === undefined || secret.deletionDate !== undefined || version?.text === undefined) {
    throw new Error(`Secrets Manager can't find the specified secret. (Service: AWSSecretsManager; ${id})`);
  }
  if (key === '') return version.text;
  const field = (JSON.parse(version.text) as Record<string, unknown>)[key];
  if (typeof field === 'string' || typeof field === 'number') return String(field);
  throw new Error(`Could not find a value associated with JSONKey in SecretString: ${key} of ${id}`);
}
