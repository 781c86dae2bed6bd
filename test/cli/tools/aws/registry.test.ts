import { ECR } from '@aws-sdk/client-ecr';
import { expect, test } from 'vitest';
import { basicAuthorization } from '../../../../cli/tools/images/registry-auth.js';
import { pushApp } from '../../../support/fake-aws/fake-app.js';
import { clientOptions } from '../../../support/fake-aws/fake-for-test.js';
import { awsForFile } from './aws-on-the-fake.js';

const masked: string[] = [];
const { fake, aws, signal } = await awsForFile({ mask: (values) => void masked.push(...values) });
const ecr = new ECR(clientOptions(fake));

test('a login opens the registry, is asked for once, and its password is masked', async () => {
  await ecr.createRepository({ repositoryName: 'login' });
  const login = await aws.registry.login(signal);
  expect(await aws.registry.login(signal)).toBe(login);
  expect(fake.calls.filter(({ operation }) => operation === 'GetAuthorizationToken')).toHaveLength(1);
  expect(login.username).toBe('AWS');
  expect(masked).toContain(login.password);
  expect(masked).toContain(Buffer.from(`AWS:${login.password}`).toString('base64'));

  const ask = async (headers: Record<string, string>) =>
    (await fetch(`http://${login.registry}/v2/`, { headers })).status;
  expect(await ask({})).toBe(401);
  expect(await ask({ authorization: basicAuthorization(login) })).toBe(200);
});

test('images of a repository, newest first; removed by digest, and once more', async () => {
  expect(await aws.registry.repository('app', signal)).toBeUndefined();
  expect(await aws.registry.images('app', signal)).toEqual([]);
  await aws.registry.removeImages('app', ['sha256:0'], signal);

  await ecr.createRepository({ repositoryName: 'app' });
  const images = [];
  for (const source of ['one', 'two']) images.push(await pushApp(fake.world, { source: `console.log('${source}')` }));
  const digests = images.map((image) => image.split('@')[1] ?? '');
  expect(await aws.registry.repository('app', signal)).toBe(images[0]?.split('@')[0]);
  const found = await aws.registry.images('app', signal);
  expect(found.map(({ digest }) => digest).toSorted()).toEqual(digests.toSorted());
  const times = found.map(({ pushedAt }) => pushedAt ?? '');
  expect(times).toEqual(times.toSorted().toReversed());
  expect(found[0]?.bytes).toBeGreaterThan(0);

  await aws.registry.removeImages('app', digests.slice(0, 1), signal);
  await aws.registry.removeImages('app', digests.slice(0, 1), signal);
  expect(await aws.registry.images('app', signal)).toMatchObject([{ digest: digests[1] }]);
});
