import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openGcloud } from '../../../../cli/tools/gcp/gcloud/gcloud.js';
import { openSecrets } from '../../../../cli/tools/gcp/secrets/open-secrets.js';
import { secretGcloud } from '../../../support/gcp/secret-gcloud.js';
import { stubPrograms } from '../../../support/stub-programs.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const { signal } = new AbortController();
const labels = { 'agentctl-name': 'demo', 'agentctl-stage': 'prod' };
const canary = 'canary+/value,with=everything\nand a last line\n';

async function secrets() {
  const directory = await temporaryDirectory();
  const calls = join(directory, 'calls');
  const environment = {
    PATH: await stubPrograms(join(directory, 'bin'), { gcloud: secretGcloud }),
    GOOGLE_TEST_SECRETS: join(directory, 'secrets'),
    GOOGLE_TEST_CALLS: calls,
  };
  const masked: string[] = [];
  const tools = openSecrets(openGcloud({ environment, project: 'acme' }), (values) => masked.push(...values));
  return { tools, masked, calls: async () => await readFile(calls, 'utf8') };
}

test('a value goes in by standard input, comes back byte for byte, and is in no command line', async () => {
  const { tools, masked, calls } = await secrets();
  expect(await tools.put({ name: 'demo-a', value: canary, labels }, signal)).toBe('1');
  expect(await tools.read('demo-a', signal)).toBe(canary);
  expect(masked).toContain(canary);
  expect(await calls()).not.toContain('canary');
  expect(await calls()).toContain('--labels=agentctl-name=demo,agentctl-stage=prod');
});

test('the same value again makes no version; another one does, and the first can still be read', async () => {
  const { tools } = await secrets();
  await tools.put({ name: 's', value: 'one', labels }, signal);
  expect(await tools.put({ name: 's', value: 'one', labels }, signal)).toBe('1');
  expect(await tools.put({ name: 's', value: 'two', labels }, signal)).toBe('2');
  expect(await tools.read('s', signal, '1')).toBe('one');
  expect(await tools.ensure({ name: 's', value: () => 'never asked', labels }, signal)).toBe('2');
});

test('a version that is disabled is not the one that is current, and cannot be read', async () => {
  const { tools } = await secrets();
  await tools.put({ name: 's', value: 'one', labels }, signal);
  await tools.put({ name: 's', value: 'two', labels }, signal);
  await tools.disable('s', '2', signal);
  await tools.disable('s', '2', signal);
  expect(await tools.current('s', signal)).toBe('1');
  expect(await tools.read('s', signal, '2')).toBeUndefined();
  await tools.enable('s', '2', signal);
  await tools.enable('s', '2', signal);
  expect(await tools.current('s', signal)).toBe('2');
  await tools.disable('s', '2', signal);
  await tools.destroy('s', '1', signal);
  expect(await tools.ensure({ name: 's', value: () => 'three', labels }, signal)).toBe('3');
});

test('what is not there is undefined, and removing it is no error', async () => {
  const { tools } = await secrets();
  expect(await tools.read('nothing', signal)).toBeUndefined();
  expect(await tools.versions('nothing', signal)).toEqual([]);
  await tools.remove('nothing', signal);
});

test('without gcloud it says how to get it', async () => {
  const tools = openSecrets(openGcloud({ environment: { PATH: '/nowhere' }, project: 'acme' }), () => undefined);
  await expect(tools.read('s', signal)).rejects.toMatchObject({ code: 'ToolMissing' });
});
