import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CliRun, runCli } from '../../support/cli-host.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const config = 'name: support-agent\nsecrets: [KEY, OTHER]\nservices: { api: { command: [node, a.js] } }\n';

async function project() {
  const cwd = await temporaryDirectory();
  await writeFile(join(cwd, 'agentctl.yaml'), config);
  return async (words: readonly string[], stdin = ''): Promise<CliRun> =>
    await runCli(['secrets', ...words, '--cloud', 'local'], { cwd, stdin });
}

describe('a value too short to be masked', () => {
  const warning = 'warning the value of KEY is shorter than 6 characters: it is not masked in output and logs';

  test('is taken with a warning, by set and by rotate', async () => {
    const secrets = await project();

    for (const verb of ['set', 'rotate']) {
      const run = await secrets([verb, 'KEY', ...(verb === 'rotate' ? ['--yes'] : [])], '12345\n');
      expect(run).toMatchObject({ exitCode: 0 });
      expect(run.stderr).toContain(warning);
    }
  });

  test('is told in --json as well', async () => {
    const run = await (await project())(['set', 'KEY', '--json'], '12345');

    expect(run.lines[0]).toEqual({ v: 1, type: 'warning', message: warning.replace('warning ', '') });
  });

  test('is none from six characters on', async () => {
    const run = await (await project())(['set', 'KEY'], '123456');

    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

test.each([
  ['a byte of zero', 'in\0side', 'a byte of zero, which no variable can hold'],
  ['bytes that are not UTF-8', 'in\uFFFDside', 'bytes that are not UTF-8'],
])('a value with %s is refused, and not shown', async (_, value, message) => {
  const run = await (await project())(['set', 'KEY'], value);

  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain(`the value of KEY has ${message}`);
  expect(run.stderr).not.toContain('side');
});

describe('a name that is', () => {
  test.each(['set', 'rotate'])('missing is asked for by %s', async (verb) => {
    const run = await (await project())([verb]);

    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('error no secret was named [UsageInvalid]');
  });

  test.each(['set', 'rotate'])('not declared is told as that by %s', async (verb) => {
    const run = await (await project())([verb, 'NOPE']);

    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('error "NOPE" is not a secret of this agent');
    expect(run.stderr).toContain('declared now: KEY, OTHER');
  });

  test('declared and without a value has to be set before it is rotated', async () => {
    const run = await (await project())(['rotate', 'OTHER']);

    expect(run.stderr).toContain('fix: set it first: agentctl secrets set OTHER --cloud local');
  });
});
