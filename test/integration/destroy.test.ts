import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSupervisorFile } from '../../cli/supervisor/supervisor-file.js';
import { stateLayout } from '../../cli/supervisor/state-layout.js';
import { externalPostgresDirectory } from '../../cli/tools/postgres/index.js';
import { type LocalProject, story } from '../support/local-project.js';
import { ask, askJson } from '../support/local-traffic.js';

/** The socket of the running supervisor. */
function socketOf(project: LocalProject): string {
  return readSupervisorFile(stateLayout(project.stateDirectory))?.socketPath ?? 'none';
}

describe('destroy', () => {
  const told = story(async (open) => {
    const project = await open({ config: { postgres: true, migration: true } });
    const url = await project.deployed();
    await ask(`${url}/notes?add=kept`);
    const socket = socketOf(project);
    const external = externalPostgresDirectory(stateLayout(project.stateDirectory).key);

    const first = await project.agentctl(['destroy', '--yes']);
    const afterFirst = { running: project.processes(), isSocketThere: existsSync(socket), answer: await ask(url) };
    const status = await project.agentctl(['status']);
    const second = await project.agentctl(['destroy', '--yes']);
    const kept = await readdir(project.stateDirectory);
    const redeployed = await project.deployed();
    const notes = await askJson<readonly string[]>(`${redeployed}/notes`);
    const ledger = project.ledger();

    const all = await project.agentctl(['destroy', '--delete-data', '--no-final-backup', '--yes']);
    const afterAll = {
      running: project.processes(),
      left: [join(project.directory, '.agentctl'), external, socket].filter((path) => existsSync(path)),
    };
    const again = await project.agentctl(['destroy', '--delete-data', '--yes']);
    return { first, afterFirst, status, second, kept, notes, ledger, all, afterAll, again };
  });

  test('stops everything that runs', () => {
    expect(told().first).toMatchObject({ exitCode: 0 });
    expect(told().afterFirst).toMatchObject({ running: [], isSocketThere: false, answer: { status: 0 } });
  });

  test('says what it kept, and how to delete that too', () => {
    const { stdout } = told().first;

    expect(stdout).toContain('destroyed e2e-agent on local, stage local');
    expect(stdout).toContain('(PostgreSQL data)');
    expect(stdout).toContain('(the release ledger)');
    expect(stdout).toMatch(/delete data too with: agentctl destroy --delete-data --cloud local -C \//);
  });

  test('keeps nothing but what it said', () => {
    // Where PostgreSQL runs as another user, its data lies outside; releases of an agent without secrets have a store for its passwords.
    expect(
      told()
        .kept.filter((name) => name !== 'postgres')
        .toSorted(),
    ).toEqual(['releases', 'runs', 'secrets.json']);
  });

  test('is seen by status', () => {
    expect(told().status.stdout).toContain('not deployed');
  });

  test('is a no-op the second time', () => {
    expect(told().second).toMatchObject({
      exitCode: 0,
      stdout: 'nothing to destroy: e2e-agent is not on local, stage local\n',
    });
  });

  test('leaves data that the next deploy finds again', () => {
    expect(told().notes).toEqual(['kept']);
    expect(told().ledger).toMatchObject([{ id: 'r1' }, { id: 'r2', outcome: 'released' }]);
  });

  test('deletes everything with --delete-data and --no-final-backup', () => {
    expect(told().all).toMatchObject({ exitCode: 0, stdout: 'destroyed e2e-agent on local, stage local\n' });
    expect(told().afterAll).toEqual({ running: [], left: [] });
  });

  test('is a no-op after --delete-data', () => {
    expect(told().again).toMatchObject({ exitCode: 0 });
    expect(told().again.stdout).toContain('nothing to destroy');
  });
});
