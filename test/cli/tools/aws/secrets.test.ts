import { expect, test } from 'vitest';
import { kmsState } from '../../../support/fake-aws/services/kms/kms-state.js';
import { secretsState } from '../../../support/fake-aws/services/secrets-manager/secrets-state.js';
import { awsForFile } from './aws-on-the-fake.js';

const masked: string[] = [];
const { fake, aws, signal } = await awsForFile({ mask: (values) => void masked.push(...values) });
const keys = fake.world.state(kmsState);
keys.aliases.set('alias/agentctl', keys.addKey('', '').id);
const version = (count: number): string => `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;

test('a secret is created, gets a new value, is listed and removed; its values are masked', async () => {
  const name = 'agentctl/a/production/secrets/KEY';
  const first = await aws.secrets.put({ name, value: 'canary-1', tags: { agentctl: 'a' } }, signal);
  expect(fake.world.state(secretsState).find(name)).toMatchObject({ kmsKeyId: 'alias/agentctl' });
  const second = await aws.secrets.put({ name, value: 'canary-2', version: version(1) }, signal);
  expect(second).toBe(version(1));
  expect(await aws.secrets.read(name, signal)).toBe('canary-2');
  expect(masked).toEqual(expect.arrayContaining(['canary-1', 'canary-2']));
  await aws.secrets.put({ name: 'agentctl/a/staging/secrets/KEY', value: 'canary-3' }, signal);

  const listed = await aws.secrets.list('agentctl/a/production/', signal);
  expect(listed).toMatchObject([{ name, version: version(1), pending: null }]);
  expect(first).not.toBe(second);
  expect(JSON.stringify(listed)).not.toContain('canary');

  await aws.secrets.remove(name, { recoverable: true, signal });
  expect(await aws.secrets.list('agentctl/a/production/', signal)).toEqual([]);
  expect(await aws.secrets.read(name, signal)).toBeUndefined();
  await aws.secrets.put({ name, value: 'canary-4' }, signal);
  expect(await aws.secrets.read(name, signal)).toBe('canary-4');

  await aws.secrets.remove(name, { recoverable: false, signal });
  await aws.secrets.remove(name, { recoverable: false, signal });
  expect(fake.world.state(secretsState).find(name)).toBeUndefined();
});

test('what has a value keeps it, what has none gets one; asked for only then', async () => {
  const name = 'agentctl/b/production/generated/postgres';
  let asked = 0;
  const value = (): string => `password-${++asked}`;
  const made = await aws.secrets.ensure({ name, value }, signal);
  expect(await aws.secrets.ensure({ name, value }, signal)).toBe(made);
  expect(asked).toBe(1);
  expect(masked).toContain('password-1');

  // As by `destroy --delete-data`, after which the stage may be deployed again.
  await aws.secrets.remove(name, { recoverable: true, signal });
  expect(await aws.secrets.ensure({ name, value }, signal)).toBe(made);
  expect(await aws.secrets.read(name, signal)).toBe('password-1');
});

test('a value waits beside the current one until it is promoted, and the one before comes back', async () => {
  const name = 'agentctl/c/production/secrets/KEY';
  await aws.secrets.put({ name, value: 'old', version: version(2) }, signal);
  const next = { name, value: 'new', version: version(3), as: 'pending' as const };
  expect(await aws.secrets.put(next, signal)).toBe(version(3));
  expect(await aws.secrets.put(next, signal)).toBe(version(3));
  expect(await aws.secrets.read(name, signal)).toBe('old');
  expect(await aws.secrets.list(name, signal)).toMatchObject([{ version: version(2), pending: version(3) }]);

  await aws.secrets.promote(name, version(3), signal);
  await aws.secrets.promote(name, version(3), signal);
  expect(await aws.secrets.read(name, signal)).toBe('new');
  expect(await aws.secrets.list(name, signal)).toMatchObject([{ version: version(3), pending: null }]);

  await aws.secrets.restore(name, version(2), signal);
  expect(await aws.secrets.read(name, signal)).toBe('old');
  expect(await aws.secrets.list(name, signal)).toMatchObject([{ version: version(2), pending: null }]);
});

test('the first value of a secret may wait, too', async () => {
  const name = 'agentctl/d/production/secrets/KEY';
  await aws.secrets.put({ name, value: 'first', as: 'pending', version: version(4) }, signal);
  expect(await aws.secrets.read(name, signal)).toBeUndefined();
  await aws.secrets.promote(name, version(4), signal);
  expect(await aws.secrets.read(name, signal)).toBe('first');
});

test.each(['CreateSecret', 'PutSecretValue', 'UpdateSecretVersionStage', 'DeleteSecret', 'RestoreSecret'])(
  'a lost answer to %s changes nothing about the end',
  async (operation) => {
    const name = `agentctl/${operation}/KEY`;
    fake.fail({ service: 'secretsmanager', operation, kind: 'reply-lost' });
    await aws.secrets.put({ name, value: 'one' }, signal);
    await aws.secrets.remove(name, { recoverable: true, signal });
    await aws.secrets.put({ name, value: 'two' }, signal);
    const next = await aws.secrets.put({ name, value: 'three', as: 'pending' }, signal);
    await aws.secrets.promote(name, next, signal);

    expect(await aws.secrets.read(name, signal)).toBe('three');
    expect(fake.world.state(secretsState).find(name)?.versions.size).toBe(3);
    await aws.secrets.remove(name, { recoverable: false, signal });
  },
);

test('an error never has a value in it', async () => {
  const name = 'agentctl/e/KEY';
  fake.fail({ service: 'secretsmanager', kind: 'denied' });
  const failed = aws.secrets.put({ name, value: 'canary-5' }, signal);
  await expect(failed).rejects.toMatchObject({
    code: 'EnvironmentNotReady',
    data: { action: 'secretsmanager:PutSecretValue' },
  });
  const error: unknown = await failed.catch((reason: unknown) => reason);
  const { inspect } = await import('node:util');
  expect(inspect(error, { depth: Infinity })).not.toContain('canary-5');
});
