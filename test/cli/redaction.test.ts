import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSecretStore } from '../../cli/supervisor/secret-store.js';
import { type CliOptions, type CliRun, runCli } from '../support/cli-host.js';
import { type StageFiles, stageFiles } from '../support/stage-files.js';

const stored = 'stored-9f83"ü/+&\\-secret';
const multiline = '-----BEGIN KEY-----\nMIIEowIBAAKCAQEA7\n-----END KEY-----';
const inEnvironment = 'environment-51ce-secret';

/** Everything a careless build can make of a value. */
const careless = `
import { readFileSync } from 'node:fs';
const values = JSON.parse(readFileSync('values.json', 'utf8'));
for (const value of values) {
  const bytes = Buffer.from(value);
  const forms = [value, JSON.stringify({ value }), bytes.toString('base64'), bytes.toString('base64url'),
    bytes.toString('hex'), encodeURIComponent(value), new URLSearchParams({ value }).toString(),
    encodeURIComponent(value).toLowerCase(), Buffer.from('u:' + value + ':x').toString('base64'),
    Buffer.from('user:' + value + ':x').toString('base64'), JSON.stringify(JSON.stringify({ value }))];
  for (const form of forms) console.log('out ' + form);
  for (const form of forms) console.error('err ' + form);
}
process.exit(4);
`;

const config = `name: support-agent
secrets: [API_TOKEN, SIGNING_KEY, SHELL_TOKEN]
services:
  api: { command: [node, a.mjs], env: { A: "\${secrets.API_TOKEN}" } }
clouds: { local: { process: { build: [[node, build.mjs]] } } }
`;

async function carelessProject(): Promise<StageFiles> {
  const stage = await stageFiles(config);
  writeFileSync(join(stage.directory, 'build.mjs'), careless);
  writeFileSync(join(stage.directory, 'values.json'), JSON.stringify([stored, multiline, inEnvironment]));
  await set(stage, 'API_TOKEN', stored);
  await set(stage, 'SIGNING_KEY', multiline);
  await set(stage, 'SHELL_TOKEN', 'another-value');
  return stage;
}

async function set({ directory }: StageFiles, name: string, value: string): Promise<CliRun> {
  return await runCli(['secrets', 'set', name, '--cloud', 'local'], { cwd: directory, stdin: value });
}

/** Runs a build that prints everything and fails; with a summary file as GitHub Actions gives one. */
async function deploy({ directory }: StageFiles, flags: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  return await runCli(['deploy', '--cloud', 'local', '--yes', ...flags], {
    cwd: directory,
    ...options,
    env: { SHELL_TOKEN: inEnvironment, ...options.env },
  });
}

/** Parts of the values that no encoding leaves as they are by chance. */
function leaksIn(text: string): readonly string[] {
  const values = [stored, multiline, inEnvironment];
  const cores = ['stored-9f83', 'MIIEowIBAAKCAQEA7', 'BEGIN KEY', 'environment-51ce'];
  const encoded = values.flatMap((value) => {
    const bytes = Buffer.from(value);
    return [bytes.toString('hex'), bytes.toString('base64'), bytes.toString('base64url')].map((form) =>
      form.slice(8, 24),
    );
  });
  const embedded = values.flatMap((value) =>
    ['u:', 'user:'].map((before) => Buffer.from(`${before}${value}`).toString('base64').slice(8, 24)),
  );
  return [...cores, ...encoded, ...embedded].filter((part) => text.includes(part));
}

function filesOf(stage: StageFiles, directory: string): string {
  return readdirSync(stage.path(directory))
    .filter((name) => statSync(join(stage.path(directory), name)).isFile())
    .map((name) => readFileSync(join(stage.path(directory), name), 'utf8'))
    .join('\n');
}

describe('what a build prints of the secrets is masked', () => {
  test('on the streams', async () => {
    const run = await deploy(await carelessProject(), []);

    expect(run.exitCode).toBe(7);
    expect(run.stderr).toContain('out •••');
    expect(run.stderr).toContain('err •••');
    expect(leaksIn(run.stdout + run.stderr)).toEqual([]);
  });

  test('in the lines of --json, which stay JSON', async () => {
    const run = await deploy(await carelessProject(), ['--json']);

    expect(run.lines.at(-1)).toMatchObject({ type: 'result', ok: false, error: { code: 'BuildFailed' } });
    expect(run.lines.filter(({ type }) => type === 'log').length).toBeGreaterThan(60);
    expect(leaksIn(run.stdout)).toEqual([]);
  });

  test('in the journal, and in the summary for a CI service', async () => {
    const stage = await carelessProject();
    const summary = join(stage.directory, 'summary.md');

    await deploy(stage, [], { env: { GITHUB_STEP_SUMMARY: summary } });

    const journal = filesOf(stage, 'runs');
    expect(journal).toContain('•••');
    expect(leaksIn(journal)).toEqual([]);
    const text = readFileSync(summary, 'utf8');
    expect(text).toContain('BuildFailed');
    expect(leaksIn(text)).toEqual([]);
  });

  test('in causes and their stack traces', async () => {
    const { directory } = await stageFiles(config);

    const run = await runCli(['resume', inEnvironment, '--cloud', 'local', '--verbose'], {
      cwd: directory,
      env: { SHELL_TOKEN: inEnvironment },
    });

    expect(run.stderr).toContain('there is no run •••');
    expect(run.stderr).toMatch(/ENOENT.*runs\/•••\.ndjson/);
    expect(leaksIn(run.stderr + run.stdout)).toEqual([]);
  });

  test('in the command line that lock and journal tell', async () => {
    const stage = await carelessProject();

    await deploy(stage, ['-o', `/tmp/${stored}`]);

    const journal = filesOf(stage, 'runs');
    expect(journal).toContain('"command":"agentctl deploy --cloud local --yes -o /tmp/•••"');
  });
});

test('setting a value never shows it, even when that fails', async () => {
  const stage = await stageFiles(config);

  const done = await set(stage, 'API_TOKEN', stored);
  await stage.write('secrets.json', `{"version":1,"generated":{},"secrets":{"API_TOKEN":${JSON.stringify(stored)}`);
  const failed = await runCli(['secrets', 'set', 'API_TOKEN', '--cloud', 'local', '--verbose'], {
    cwd: stage.directory,
    stdin: inEnvironment,
  });

  expect(done.exitCode).toBe(0);
  expect(failed.exitCode).toBe(1);
  expect(leaksIn(done.stdout + done.stderr + failed.stdout + failed.stderr)).toEqual([]);
});

test('what a secret is called, and what a machine branches on, stays as it is', async () => {
  const stage = await stageFiles(config);
  for (const name of ['API_TOKEN', 'SIGNING_KEY']) await set(stage, name, 'result');

  const run = await runCli(['deploy', '--cloud', 'local', '--yes', '--json'], { cwd: stage.directory });

  expect(run.lines.at(-1)).toMatchObject({ type: 'result', error: { code: 'SecretMissing' } });
  expect(readSecretStore(stage.stateDirectory).secrets).toMatchObject({ API_TOKEN: 'result' });
});
