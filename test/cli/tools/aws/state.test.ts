import { S3 } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { acquireObjectLock, findObjectLock } from '../../../../cli/engine/object-lock.js';
import type { FakeAws } from '../../../support/fake-aws/fake-aws.js';
import { clientOptions } from '../../../support/fake-aws/fake-for-test.js';
import { awsOnTheFake } from './aws-on-the-fake.js';

const key = 'support-agent/production/lock.json';

async function bootstrapped() {
  const world = await awsOnTheFake();
  await makeBucket(world.fake, await world.aws.state.bucketName(world.signal));
  return world;
}

async function makeBucket(fake: FakeAws, Bucket: string): Promise<void> {
  const s3 = new S3({ ...clientOptions(fake), forcePathStyle: true });
  await s3.createBucket({ Bucket });
  s3.destroy();
}

function lockOptions(token: string) {
  return {
    holder: {
      lockVersion: 1 as const,
      token,
      user: 'ann',
      host: 'here',
      pid: 1,
      processStart: 'then',
      runId: token,
      command: 'agentctl deploy',
      since: new Date().toISOString(),
    },
    waitSeconds: 0,
    isAlive: () => Promise.resolve(true),
    sleep: () => Promise.resolve(),
    now: Date.now,
    elapsed: () => performance.now(),
    signal: new AbortController().signal,
    flags: '--cloud aws',
  };
}

test('an account that was not bootstrapped: the bucket is named, and the command', async () => {
  const { aws, signal } = await awsOnTheFake();

  expect(await aws.state.exists(signal)).toBe(false);
  await expect(aws.state.objects.read(key)).rejects.toMatchObject({
    code: 'EnvironmentNotReady',
    message: 'there is no state bucket agentctl-state-123456789012-eu-central-1 in this account and region',
    fix: 'prepare the account once: agentctl bootstrap --cloud aws',
  });
});

test('objects are created once, replaced and removed only in the version that was seen', async () => {
  const { aws, signal } = await bootstrapped();
  const { objects } = aws.state;
  expect(await aws.state.exists(signal)).toBe(true);
  expect(await objects.read(key)).toBeUndefined();

  const first = await objects.create(key, 'one');
  expect(await objects.create(key, 'two')).toBeUndefined();
  const second = await objects.replace(key, 'two', first ?? '');
  expect(await objects.replace(key, 'three', first ?? '')).toBeUndefined();
  expect(await objects.remove(key, first ?? '')).toBe(false);
  const found = await objects.read(key);
  expect(new TextDecoder().decode(found?.bytes)).toBe('two');
  expect(found?.version).toBe(second);
  expect(Math.abs(Date.now() - (found?.modifiedAt ?? 0))).toBeLessThan(60_000);
  expect(objects.place(key)).toBe(`s3://agentctl-state-123456789012-eu-central-1/${key}`);

  await objects.write('support-agent/production/releases/r1.json', '{}');
  const listed = await objects.list('support-agent/production/');
  expect(listed.map((one) => one.key)).toEqual([key, 'support-agent/production/releases/r1.json']);
  expect(listed[0]?.version).toBe((await objects.read(key))?.version);
  expect(await objects.remove(key, second ?? '')).toBe(true);
  expect(await objects.replace(key, 'four', second ?? '')).toBeUndefined();
});

test.each(['PutObject', 'DeleteObject', 'GetObject'])(
  'a lock survives that the answer to %s is lost',
  async (operation) => {
    const { fake, aws } = await bootstrapped();
    const place = { store: aws.state.objects, key };
    fake.fail({ service: 's3', operation, kind: 'reply-lost' });

    const lock = await acquireObjectLock(place, lockOptions('one'));
    await expect(acquireObjectLock(place, lockOptions('two'))).rejects.toMatchObject({ code: 'Locked' });
    await lock.assertHeld();
    await lock.release();

    expect((await findObjectLock(place)).kind).toBe('none');
  },
);
