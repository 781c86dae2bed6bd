import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import {
  forgetReplacedSecret,
  promoteSecret,
  restoreSecret,
  stageSecret,
} from '../../../cli/supervisor/secret-rotation.js';
import { readSecretStore, setSecrets } from '../../../cli/supervisor/secret-store.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

async function storeWith(value: string): Promise<string> {
  const directory = await temporaryDirectory();
  setSecrets(directory, { TOKEN: value, OTHER: 'untouched' });
  stageSecret(directory, 'TOKEN', { value: 'new', version: 'v2' });
  return directory;
}

test('a staged value is not in use', async () => {
  const directory = await storeWith('old');

  expect(readSecretStore(directory).secrets).toEqual({ TOKEN: 'old', OTHER: 'untouched' });
});

test('a promoted one is, however often it is promoted', async () => {
  const directory = await storeWith('old');
  promoteSecret(directory, 'TOKEN');
  promoteSecret(directory, 'TOKEN');

  expect(readSecretStore(directory)).toMatchObject({
    secrets: { TOKEN: 'new', OTHER: 'untouched' },
    versions: { TOKEN: 'v2' },
    staged: {},
    replaced: { TOKEN: { value: 'old' } },
  });
});

test.each([
  ['before it was promoted', false],
  ['after', true],
])('a rotation that is taken back %s leaves everything as it was, the new value waiting', async (_, promoted) => {
  const directory = await storeWith('old');
  const before = readSecretStore(directory);
  if (promoted) promoteSecret(directory, 'TOKEN');
  restoreSecret(directory, 'TOKEN');

  expect(readSecretStore(directory)).toEqual(before);
});

test('a rotation that was taken back can be gone on with', async () => {
  const directory = await storeWith('old');
  promoteSecret(directory, 'TOKEN');
  restoreSecret(directory, 'TOKEN');
  promoteSecret(directory, 'TOKEN');

  expect(readSecretStore(directory)).toMatchObject({ secrets: { TOKEN: 'new' }, versions: { TOKEN: 'v2' } });
});

test('a rotation without a new value is refused, instead of going on with the old one', async () => {
  const directory = await temporaryDirectory();
  setSecrets(directory, { TOKEN: 'old' });

  expect(() => promoteSecret(directory, 'TOKEN')).toThrow('no new value of TOKEN is waiting to be used');
});

test('a rotation that is over keeps nothing of the value before', async () => {
  const directory = await storeWith('old');
  promoteSecret(directory, 'TOKEN');
  forgetReplacedSecret(directory, 'TOKEN');

  expect(JSON.stringify(readSecretStore(directory))).not.toContain('old');
});

test('processes that set secrets at once lose none', async () => {
  const directory = await temporaryDirectory();
  const module = new URL('../../../cli/supervisor/secret-store.ts', import.meta.url).href;
  const script = `const { setSecrets } = await import('${module}');
    for (let n = 0; n < 20; n++) setSecrets(process.argv[1], { [process.argv[2] + n]: 'value' });`;
  const run = promisify(execFile);
  await Promise.all(
    ['A', 'B', 'C'].map((name) =>
      run(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script, directory, name]),
    ),
  );

  expect(Object.keys(readSecretStore(directory).secrets)).toHaveLength(60);
  expect(readdirSync(directory)).toEqual(['secrets.json']);
});
