import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { environmentSwitches } from '../../cli/environment-switch.js';
import { buildProgram } from '../../cli/program.js';
import { runCli } from '../support/cli-host.js';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'agentctl-program-'));
  await writeFile(
    join(directory, 'agentctl.yaml'),
    `name: support-agent
services:
  api: { command: [node, a.js] }
stages: { staging: {} }
clouds:
  local: {}
  aws: { region: eu-west-1 }
  gcp: { project: my-proj, region: europe-west1 }
  azure: { subscription: 00000000-0000-0000-0000-000000000000, location: westeurope }
  kubernetes: { registry: ghcr.io/acme }
`,
  );
  await writeFile(join(directory, 'bad.yaml'), 'name: support-agent\nservces: {}\n');
});
afterAll(async () => await rm(directory, { recursive: true, force: true }));

describe('a command line that makes no sense', () => {
  test.each([
    ['an unknown command', ['deploi'], "unknown command 'deploi'\n(Did you mean deploy?)"],
    ['an unknown flag', ['deploy', '--clod', 'aws'], "unknown option '--clod'\n(Did you mean --cloud?)"],
    ['an unknown target', ['deploy', '--cloud', 'gpc'], '--cloud "gpc" is not a target'],
    ['no target', ['deploy'], 'no target was chosen'],
    [
      'flags that exclude each other',
      ['deploy', '--plan', 'p', '--plan-only'],
      "option '--plan <file>' cannot be used with option '--plan-only'",
    ],
    ['a flag without its value', ['deploy', '--cloud'], "option '--cloud <target>' argument missing"],
    ['a time that is none', ['deploy', '--timeout', '-5m'], 'Write a duration such as 30s, 10m or 1h'],
    ['run without a command', ['run', '--cloud', 'local'], 'no command was given'],
    [
      'run with a schedule and a command',
      ['run', '--cloud', 'local', '--schedule', 'x', '--', 'true'],
      '--schedule runs the command of the schedule',
    ],
    ['run with a time that is none', ['run', '--timeout', 'soon', '--', 'true'], 'Write a duration such as'],
    ['a flag of ours after a command of run, without hyphens', ['run', 'ls', '-l'], "unknown option '-l'"],
    ['a number that is none', ['logs', '--tail', 'many'], 'Write a whole number'],
    [
      'an image without a digest',
      ['deploy', '--cloud', 'local', '--image', 'api=registry/app:v1'],
      'the tag "v1" can point at another image tomorrow',
    ],
    [
      'an image for what is not there',
      ['synth', '--cloud', 'local', '--image', `aip=registry/app@sha256:${'a'.repeat(64)}`],
      'did you mean api?',
    ],
    ['a group with an unknown command', ['secrets', 'put', 'X', '--cloud', 'local'], "unknown command 'put'"],
    ['a group without a command', ['backup'], 'no command was given [UsageInvalid]\n  fix: add one of: create, list'],
    ['nothing', [], 'no command was given [UsageInvalid]\n  fix: see `agentctl --help`'],
    ['help for what is not there', ['help', 'statu'], "unknown command 'statu'\n(Did you mean status?)"],
    ['init for an unknown target', ['init', '--cloud', 'nope', '--stdout'], '--cloud "nope" is not a target'],
  ])('%s: exit 2, what it was, and what to do', async (_, args, message) => {
    const run = await runCli(args, { cwd: directory });

    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(message);
    expect(run.stderr).toContain('fix: ');
    expect(run.stderr).not.toMatch(/^\s+at /m);
    expect(run.stderr.match(/^error /gm)).toHaveLength(1);
    expect(run.stdout).toBe('');
  });

  test('--json: one result line says the same', async () => {
    const run = await runCli(['deploy', '--cloud', 'gpc', '--json'], { cwd: directory });

    expect(run.lines).toEqual([
      {
        v: 1,
        type: 'result',
        ok: false,
        exitCode: 2,
        error: {
          code: 'UsageInvalid',
          message: '--cloud "gpc" is not a target',
          fix: 'did you mean gcp? allowed: aws, gcp, azure, kubernetes, local',
        },
      },
    ]);
    expect(run.stderr).toBe('');
  });
});

describe('choosing the stage and the file', () => {
  test('a stage that is not declared is told with what is', async () => {
    const run = await runCli(['validate', '--stage', 'stagin'], { cwd: directory });

    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('did you mean "staging"?');
  });

  test('the environment chooses where no flag does', async () => {
    const run = await runCli(['validate', '--json'], { cwd: directory, env: { AGENTCTL_STAGE: 'staging' } });

    expect(run.lines.at(-1)).toMatchObject({ ok: true, stages: [{ stage: 'staging' }] });
  });

  test('a flag goes before the environment', async () => {
    const run = await runCli(['validate', '--json', '-s', 'production'], {
      cwd: directory,
      env: { AGENTCTL_STAGE: 'staging' },
    });

    expect(run.lines.at(-1)).toMatchObject({ ok: true, stages: [{ stage: 'production' }] });
  });

  test('a file from stdin', async () => {
    const run = await runCli(['validate', '-f', '-'], { cwd: directory, stdin: 'name: x\n' });

    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('--> <stdin>:1:7');
  });

  test('all problems of a bad file are in the result line', async () => {
    const run = await runCli(['validate', '-f', 'bad.yaml', '--json'], { cwd: directory });

    expect(run.lines.at(-1)).toMatchObject({
      exitCode: 2,
      error: {
        code: 'SpecInvalid',
        data: { problems: [{ code: 'unknown-key', suggestion: 'services', line: 2 }] },
      },
    });
  });

  test('no file: what to do about it', async () => {
    const run = await runCli(['validate'], { cwd: join(directory, '..') });

    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('agentctl init');
  });
});

describe('a target that this version does not deploy to', () => {
  test.each(['azure', 'kubernetes'])('%s is refused before anything is done', async (cloud) => {
    const run = await runCli(['deploy', '--cloud', cloud, '--yes'], { cwd: directory });

    expect(run.exitCode).toBe(3);
    expect(run.stderr).toContain(`this version of agentctl does not deploy to ${cloud} yet`);
  });
});

describe('what is not there', () => {
  test('a command beside something that was never deployed', async () => {
    const run = await runCli(['run', '--cloud', 'local', '--', 'true'], { cwd: directory });

    expect(run.exitCode).toBe(3);
    expect(run.stderr).toContain('agentctl deploy');
  });

  test('migrations, where the config file has none', async () => {
    const run = await runCli(['migrate', '--cloud', 'local', '--json'], { cwd: directory });

    expect(run.lines.at(-1)).toMatchObject({ ok: true, action: 'migrate', migrations: [] });
  });

  test('status of something that was never deployed', async () => {
    const run = await runCli(['status', '--cloud', 'local'], { cwd: directory });

    expect(run).toMatchObject({
      exitCode: 0,
      stdout: 'support-agent on local, stage local: not deployed (agentctl deploy --cloud local)\n',
    });
  });

  test('destroying nothing is done already', async () => {
    const run = await runCli(['destroy', '--cloud', 'local', '--timeout', '10m'], { cwd: directory });

    expect(run).toMatchObject({
      exitCode: 0,
      stdout: 'nothing to destroy: support-agent is not on local, stage local\n',
    });
  });

  test('resuming nothing', async () => {
    const run = await runCli(['resume', '--cloud', 'local', '--yes'], { cwd: directory });

    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('there is no run to resume');
  });

  test('logs of an unknown service', async () => {
    const run = await runCli(['logs', 'web', '--cloud', 'local'], { cwd: directory });

    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('there is no service "web"');
    expect(run.stderr).toContain('nothing has run here yet');
  });
});

describe('help', () => {
  const program = buildProgram(() => async () => undefined);

  const inGroups = program.commands.flatMap((group) =>
    group.commands.map((command) => [`${group.name()} ${command.name()}`, command] as const),
  );

  test.each([...program.commands.map((command) => [command.name(), command] as const), ...inGroups])(
    '%s has examples of its own and says what its flags do',
    async (name, command) => {
      const run = await runCli([...name.split(' '), '--help']);

      expect(run.exitCode).toBe(0);
      expect(run.stdout).toMatch(new RegExp(`^Usage: agentctl ${name}\\b`));
      expect(run.stdout).toContain(`Examples:\n  $ agentctl ${name}`);
      expect(command.options.filter((option) => option.description === '')).toEqual([]);
    },
  );

  test('every variable that stands for a flag is in the help of that flag', async () => {
    const { stdout } = await runCli(['destroy', '--help']);

    for (const name of environmentSwitches) expect(stdout.replace(/\s+/g, ' ')).toContain(`env: ${name}`);
  });
});
