import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assertSwitches, environmentSwitches, isSwitchedOn } from '../../cli/environment-switch.js';
import { runCli } from '../support/cli-host.js';
import { plainEnvironment, startCli } from '../support/local-cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

describe('a variable that stands for a flag', () => {
  test.each(['1', 'true', 'TRUE', 'yes', 'on'])('turns it on with %s', (word) => {
    expect(isSwitchedOn({ AGENTCTL_YES: word }, 'AGENTCTL_YES')).toBe(true);
  });

  test.each(['', '0', 'false', 'False', 'no', 'off', undefined])('leaves it off with %s', (word) => {
    expect(isSwitchedOn({ AGENTCTL_YES: word }, 'AGENTCTL_YES')).toBe(false);
    expect(() => assertSwitches({ AGENTCTL_YES: word })).not.toThrow();
  });

  test.each(environmentSwitches)('%s is refused with another word', async (name) => {
    const run = await runCli(['validate'], { env: { [name]: 'maybe' } });

    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(`${name}="maybe" is neither yes nor no`);
    expect(run.stderr).toContain(`fix: set ${name} to 1 or 0`);
  });
});

test('AGENTCTL_NO_COLOR goes before FORCE_COLOR', async () => {
  const workingDirectory = await temporaryDirectory();
  // A process of its own: whether there are colours is also read from the environment when the library is loaded.
  const shown = async (environment: Record<string, string>): Promise<string> => {
    const all = { ...plainEnvironment(workingDirectory), FORCE_COLOR: '1', ...environment };
    return (await startCli(['nope'], { workingDirectory, environment: all }).ended).stderr;
  };

  expect(await shown({})).toContain('\u001B[');
  expect(await shown({ AGENTCTL_NO_COLOR: '1' })).not.toContain('\u001B[');
});

test('AGENTCTL_VERBOSE shows the causes of errors', async () => {
  const run = await runCli(['nope'], { env: { AGENTCTL_VERBOSE: 'true' } });

  expect(run.stderr).toMatch(/^\s+at /m);
});

describe('AGENTCTL_YES', () => {
  /** A stage that has a secret and nothing else, and an attempt to delete it. */
  async function destroyWith(word: string) {
    const cwd = await temporaryDirectory();
    const config = 'name: support-agent\nsecrets: [KEY]\nservices: { api: { command: [node, a.js] } }\n';
    await writeFile(join(cwd, 'agentctl.yaml'), config);
    await runCli(['secrets', 'set', 'KEY', '--cloud', 'local'], { cwd, stdin: 'a-secret-value' });
    const run = await runCli(['destroy', '--delete-data', '--cloud', 'local'], { cwd, env: { AGENTCTL_YES: word } });
    return { run, isThere: existsSync(join(cwd, '.agentctl/local/local/secrets.json')) };
  }

  test.each(['0', 'false', 'no', ''])('is no answer as "%s": nothing is deleted', async (word) => {
    const { run, isThere } = await destroyWith(word);

    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('needs an answer and nobody can be asked here');
    expect(isThere).toBe(true);
  });

  test('is a yes as "1"', async () => {
    const { run, isThere } = await destroyWith('1');

    expect(run.exitCode).toBe(0);
    expect(isThere).toBe(false);
  });
});
