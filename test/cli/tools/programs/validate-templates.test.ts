import { readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { validatorVersion } from '../../../../cli/tools/programs/finding-cache.js';
import { validateTemplates } from '../../../../cli/tools/programs/validate-templates.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const signal = new AbortController().signal;
const { env: environment } = process;
const goodTemplate = { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } };
const badTemplate = { Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicNaem: 'x' } } } };

async function written(directory: string, name: string, template: object): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, JSON.stringify(template));
  return path;
}

test('a template that is known is not validated again; a damaged entry of the cache is as good as absent', async () => {
  const directory = await temporaryDirectory();
  const cacheDirectory = join(directory, 'cache');
  const good = await written(directory, 'good.json', goodTemplate);
  const bad = await written(directory, 'bad.json', badTemplate);
  const validate = async (isLikelyKnown: boolean, ...paths: string[]) =>
    await validateTemplates({ templates: Promise.resolve(paths), cacheDirectory, isLikelyKnown, environment, signal });

  const first = await validate(false, good, bad);
  const second = await validate(true, good, bad);
  await writeFile(good, JSON.stringify(badTemplate));
  const changed = await validate(true, good);
  for (const entry of await readdir(cacheDirectory)) await writeFile(join(cacheDirectory, entry), '[{"rule":');
  const damaged = await validate(true, bad);

  const finding = { rule: 'F3002', severity: 'error', logicalId: 'Topic' };
  expect(first).toMatchObject([
    { path: good, findings: [], isFromCache: false },
    { path: bad, findings: [finding], isFromCache: false },
  ]);
  expect(second).toMatchObject([
    { path: good, findings: [], isFromCache: true },
    { path: bad, findings: [finding], isFromCache: true },
  ]);
  expect(changed).toMatchObject([{ path: good, findings: [finding], isFromCache: true }]);
  expect(damaged).toMatchObject([{ path: bad, findings: [finding], isFromCache: false }]);
});

test('a synthesis that fails is what the caller hears of, and the validator ends', async () => {
  const directory = await temporaryDirectory();
  const templates = Promise.reject(new Error('no such construct'));

  const validating = validateTemplates({
    templates,
    cacheDirectory: directory,
    isLikelyKnown: false,
    environment,
    signal,
  });

  await expect(validating).rejects.toThrow('no such construct');
});

test('a template that cannot be read never passes', async () => {
  const directory = await temporaryDirectory();
  const templates = Promise.resolve([join(directory, 'absent.json')]);

  const validating = validateTemplates({
    templates,
    cacheDirectory: directory,
    isLikelyKnown: true,
    environment,
    signal,
  });

  await expect(validating).rejects.toThrow('ENOENT');
});

test('findings are kept for the version of the validator that aws-cdk-lib carries', () => {
  const file = 'node_modules/aws-cdk-lib/node_modules/@aws/cloudformation-validate/package.json';

  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: validatorVersion });
});
