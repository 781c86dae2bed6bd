import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { synth } from '../../cli/commands/synth.js';
import { commandContext } from '../support/command-context.js';
import { casesDirectory } from '../stacks/local/compose/compose-files.js';

/** A Compose on this machine: the first words of its command line, and its version. */
interface Compose {
  readonly command: readonly [string, ...string[]];
  readonly version: string;
}

const candidates: readonly Compose['command'][] = [['docker', 'compose'], ['docker-compose']];
const found = candidates.flatMap((command): Compose[] => {
  const { status, stdout } = run([...command, 'version', '--short'], '.');
  const version = /\d+\.\d+\.\d+/.exec(stdout)?.[0];
  return status === 0 && version !== undefined ? [{ command, version }] : [];
});

if (found.length === 0) {
  const reason = 'neither "docker compose" nor docker-compose is installed (Debian: apt-get install docker-compose)';
  if (process.env['CI'] === 'true') throw new Error(reason);
  console.log(`skipped: ${reason}`);
}

const directory = mkdtempSync(join(tmpdir(), 'agentctl-compose-'));
// Compose 1 looks whether the build contexts are there.
mkdirSync(join(directory, 'services/gateway'), { recursive: true });
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const secrets = {
  OPENAI_API_KEY: 'a',
  JWT_SECRET_KEY: 'b',
  DB_URL: 'c',
  SEARCH_URL: 'd',
  NPM_TOKEN: 'e',
  POSTGRES_PASSWORD: 'f',
};

test.skipIf(found.length === 0)('a Compose is at hand', () => {
  expect(found.map(({ version }) => version)).not.toEqual([]);
});

describe.each(found)('$command $version', ({ command, version }) => {
  // Build secrets came with Compose 2, which the head of such a file says.
  const isOld = version.startsWith('1.');
  const cases = ['web', 'worker-only', 'everything', ...(isOld ? [] : ['confined'])];

  test.each(cases)('accepts what is synthesized for %s, from the file alone', async (name) => {
    const output = join(directory, `${name}-${version}`);
    cpSync(join(casesDirectory, `${name}.yaml`), join(directory, 'agentctl.yaml'));
    // There is no image here that its warnings could be about.
    const context = commandContext({ workingDirectory: directory, onWarning: () => undefined });
    await synth({ cloud: 'local', output }, context);

    const file = join(output, 'compose.yaml');
    const { status, stdout, stderr } = run([...command, '-f', file, 'config'], '/', secrets);

    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(stdout).toContain('no-new-privileges:true');
    // Compose 1 names its containers after it, but does not say so here.
    if (!isOld) expect(stdout).toMatch(/^name: [a-z-]+-local$/m);
    expect(statSync(join(output, '.env')).mode & 0o777).toBe(0o600);
  });
});

function run([program = '', ...words]: readonly string[], cwd: string, more: Readonly<Record<string, string>> = {}) {
  const env = { PATH: process.env['PATH'] ?? '', HOME: tmpdir(), ...more };
  const { status, stdout, stderr } = spawnSync(program, words, { cwd, env, encoding: 'utf8' });
  return { status, stdout: stdout ?? '', stderr: stderr ?? '' };
}
