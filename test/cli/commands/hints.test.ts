import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../../support/cli-host.js';
import { stageFiles } from '../../support/stage-files.js';

test('logs of what is no service: the output of migrations and runs has names of its own', async () => {
  const stage = await stageFiles();
  const { directory } = stage;
  await stage.write('logs/tasks/migration-schema-r1.log', 'done\n');
  await stage.write('logs/tasks/run-20261120-141915729-9f5b.log', 'done\n');

  const run = await runCli(['logs', 'migration', '--cloud', 'local', '-C', directory]);

  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain(
    `; for migrations and runs: agentctl logs --task migration-schema-r1 --cloud local -C ${directory}\n`,
  );
});

test('rollback to an unknown release: where all of them are listed', async () => {
  const { directory } = await stageFiles();

  const run = await runCli(['rollback', 'r9', '--cloud', 'local', '-C', directory]);

  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain('there is no release "r9"');
  expect(run.stderr).toContain(`(all: agentctl releases --cloud local -C ${directory})`);
});

test('destroy names the files of synth, which it leaves', async () => {
  const stage = await stageFiles();
  const { directory } = stage;
  await stage.write('logs/supervisor.log', 'something\n');
  const synthesized = join(directory, '.agentctl/synth/local-local');
  await mkdir(synthesized, { recursive: true });
  await writeFile(join(synthesized, '.env'), 'PASSWORD=x\n');

  const run = await runCli(['destroy', '--delete-data', '--yes', '--cloud', 'local', '-C', directory]);

  expect(run.exitCode).toBe(0);
  expect(run.stdout).toContain(`\nleft: ${synthesized}, written by agentctl synth, with passwords in its .env\n`);
});
