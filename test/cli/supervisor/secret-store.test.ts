import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, expect, test } from 'vitest';
import { ensureGenerated, readSecretStore, setSecrets } from '../../../cli/supervisor/secret-store.js';
import { stateLayout } from '../../../cli/supervisor/state-layout.js';

test('a store that does not exist is empty', (context) => {
  expect(readSecretStore(stateDirectory(context))).toMatchObject({ version: 1, generated: {}, secrets: {} });
});

test('generated values are made once, long, and only for their owner to read', (context) => {
  const directory = stateDirectory(context);

  const first = ensureGenerated(directory, ['postgres.password']);
  const second = ensureGenerated(directory, ['postgres.password', 'redis.password']);

  expect(first.generated['postgres.password']).toMatch(/^[\w-]{43}$/);
  expect(second.generated['postgres.password']).toBe(first.generated['postgres.password']);
  expect(second.generated['redis.password']).not.toBe(first.generated['postgres.password']);
  expect(readSecretStore(directory)).toEqual(second);
  expect(statSync(stateLayout(directory).secretsFile).mode & 0o777).toBe(0o600);
});

test('setting a secret leaves the others', (context) => {
  const directory = stateDirectory(context);
  ensureGenerated(directory, ['postgres.password']);

  setSecrets(directory, { A: '1', B: '2' });
  setSecrets(directory, { B: '3' });

  const store = readSecretStore(directory);
  expect(store.secrets).toEqual({ A: '1', B: '3' });
  expect(store.generated).toHaveProperty(['postgres.password']);
});

test.each(['{"version":1,"generated":{},"secrets":{"A":canary}}', '{"version":2,"canary":"x"}', 'canary'])(
  'a store that cannot be read is an error that does not quote it: %s',
  (content) => {
    const directory = mkdtempSync(join(tmpdir(), 'agentctl-secrets-'));
    writeFileSync(stateLayout(directory).secretsFile, content);

    try {
      readSecretStore(directory);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'StateUnreadable' });
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('canary');
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
);

function stateDirectory({ onTestFinished }: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'agentctl-secrets-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return join(root, 'not', 'yet', 'there');
}
