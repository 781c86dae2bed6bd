import { existsSync } from 'node:fs';
import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { identityOf } from '../../../cli/tools/process/index.js';
import { type CliRun, runCli } from '../../support/cli-host.js';
import { type StageFiles, stageFiles } from '../../support/stage-files.js';

function unlock({ directory }: StageFiles, ...flags: readonly string[]): Promise<CliRun> {
  return runCli(['unlock', '--cloud', 'local', '-C', directory, ...flags]);
}

/** This very process, which is as alive as can be. */
const here = { pid: process.pid, processStart: identityOf(process.pid)?.startTime ?? '' };

test('without a lock it says so', async () => {
  expect(await unlock(await stageFiles())).toMatchObject({
    exitCode: 0,
    stdout: 'nothing to unlock: no run holds the lock of stage local on local\n',
    stderr: '',
  });
});

describe('the lock of a process that is gone', () => {
  test('is not removed where nobody can be asked, and the flag is named', async () => {
    const stage = await stageFiles();
    await stage.lock();

    const run = await unlock(stage);

    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain('fix: pass --yes');
    expect(existsSync(stage.path('lock.json'))).toBe(true);
  });

  test('is shown with its run, the step it was in and how to go on, and removed', async () => {
    const stage = await stageFiles();
    await stage.lock();
    await stage.journal('run-1');

    const run = await unlock(stage, '--yes');

    expect(run).toMatchObject({ exitCode: 0, stdout: 'unlocked stage local on local\n' });
    expect(run.stderr).toMatch(/^locked by ann@\S+ \(pid 4194000\) for 3 min: agentctl deploy --cloud local --yes$/m);
    expect(run.stderr).toMatch(/^ {2}process {4}does not run on this machine any more; last heartbeat \d+ s ago$/m);
    expect(run.stderr).toMatch(/^ {2}run {8}run-1, in: build the agent$/m);
    expect(run.stderr).toContain(`go on with it: agentctl resume run-1 --cloud local -C ${stage.directory}`);
    expect(run.stderr).toMatch(/^ {2}unlocking {2}frees the stage; that run has ended, /m);
    expect(run.stderr).toMatch(/^ {2}serving {4}nothing that answers$/m);
    expect(existsSync(stage.path('lock.json'))).toBe(false);
  });

  test('is told to machines', async () => {
    const stage = await stageFiles();
    await stage.lock();
    await stage.journal('run-1');

    expect((await unlock(stage, '--yes', '--json')).lines.at(-1)).toMatchObject({
      ok: true,
      changed: true,
      serving: null,
      lock: { user: 'ann', pid: 4_194_000, runId: 'run-1', process: 'gone', steps: ['build the agent'] },
    });
  });

  test('is removed even when its journal is damaged', async () => {
    const stage = await stageFiles();
    await stage.lock();
    await stage.write('runs/run-1.ndjson', 'garbage\n');

    const run = await unlock(stage, '--yes');

    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain(`run-1, cannot read the journal ${stage.path('runs/run-1.ndjson')}:1`);
  });

  test.each([
    ['without a config file', (stage: StageFiles) => rm(join(stage.directory, 'agentctl.yaml'))],
    ['with a broken config file', (stage: StageFiles) => writeFile(join(stage.directory, 'agentctl.yaml'), 'name: [')],
  ])('is removed %s', async (_, spoil) => {
    const stage = await stageFiles();
    await stage.lock();
    await spoil(stage);

    expect(await unlock(stage, '--yes')).toMatchObject({ exitCode: 0, stdout: 'unlocked stage local on local\n' });
  });
});

describe('the lock of another host', () => {
  test('is removed only with a yes, and says when its heartbeat stopped', async () => {
    const stage = await stageFiles();
    await stage.lock({ host: 'elsewhere' });
    const past = new Date(Date.now() - 7_200_000);
    await utimes(stage.path('lock.json'), past, past);

    expect((await unlock(stage)).exitCode).toBe(2);
    const run = await unlock(stage, '--yes');

    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain(
      'is of another machine, and cannot be looked at from here; its heartbeat stopped 2 h ago',
    );
  });
});

describe('the lock of a process that is alive', () => {
  test('is refused even with a yes', async () => {
    const stage = await stageFiles();
    await stage.lock(here);

    const run = await unlock(stage, '--yes');

    expect(run.exitCode).toBe(6);
    expect(run.stderr).toContain(`(pid ${process.pid}) is alive`);
    expect(run.stderr).toContain(`kill -INT ${process.pid}; --force takes the lock away from it`);
    expect(existsSync(stage.path('lock.json'))).toBe(true);
  });

  test('is removed by force, with a yes', async () => {
    const stage = await stageFiles();
    await stage.lock(here);

    expect((await unlock(stage, '--force')).exitCode).toBe(2);
    expect((await unlock(stage, '--force', '--yes')).exitCode).toBe(0);
    expect(existsSync(stage.path('lock.json'))).toBe(false);
  });
});

describe('something that is no lock', () => {
  test.each([
    ['nothing at all', '', 'it is empty'],
    ['half a lock', '{"lockVersion":1,"tok', 'it is cut short or was changed'],
    ['text cut within a character', Buffer.from([0x22, 0xc3]), 'it is cut short or was changed'],
    ['an older lock', '{"lockVersion":0}', 'it is of version 0, and this agentctl reads 1'],
    ['a newer lock', '{"lockVersion":2}', 'was written by a newer agentctl (version 2, this one reads 1)'],
  ])('%s is described and removed', async (_, content, why) => {
    const stage = await stageFiles();
    await stage.write('lock.json', content);

    expect((await unlock(stage)).exitCode).toBe(2);
    const run = await unlock(stage, '--yes');

    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain(stage.path('lock.json'));
    expect(run.stderr).toContain(why);
    expect(existsSync(stage.path('lock.json'))).toBe(false);
  });

  test('an empty directory is removed, one with files in it is not', async () => {
    const stage = await stageFiles();
    await mkdir(stage.path('lock.json'), { recursive: true });

    expect((await unlock(stage, '--yes')).exitCode).toBe(0);
    await stage.write('lock.json/precious', 'x');
    expect((await unlock(stage, '--yes')).exitCode).toBe(4);
    expect(existsSync(stage.path('lock.json/precious'))).toBe(true);
  });
});
