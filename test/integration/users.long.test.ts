import { chmodSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type LocalProject, story } from '../support/local-project.js';
import { hasTool, isRoot } from '../support/local-requirements.js';
import { ask, askJson } from '../support/local-traffic.js';

const nobody = { uid: 65_534, gid: 65_534 };
const asNobody = ['setpriv', `--reuid=${nobody.uid}`, `--regid=${nobody.gid}`, '--clear-groups'];

/** Deploys an agent with a database and writes into it. */
async function tell(project: LocalProject) {
  const deploy = await project.agentctl(['deploy', '--yes']);
  const url = deploy.stdout.trim();
  await ask(`${url}/notes?add=written`);
  const notes = await askJson<readonly string[]>(`${url}/notes`);
  const second = await project.agentctl(['deploy', '--yes']);
  return { deploy, notes, second };
}

describe.skipIf(!isRoot() || !hasTool('setpriv'))('as a normal user', { concurrent: true }, () => {
  const told = story(async (open) => {
    const project = await open({ config: { postgres: true, migration: true }, through: asNobody, owner: nobody });
    return await tell(project);
  });

  test('a deploy works', () => {
    expect(told().deploy).toMatchObject({ exitCode: 0 });
    expect(told().notes).toEqual(['written']);
  });

  test('a second deploy has nothing to do', () => {
    expect(told().second.stderr).toContain('nothing to do');
  });
});

describe.skipIf(!isRoot())('as root, where the user of the database cannot enter', { concurrent: true }, () => {
  const told = story(async (open) => {
    const project = await open({ config: { postgres: true, migration: true } });
    chmodSync(project.root, 0o700);
    chmodSync(project.directory, 0o700);
    return await tell(project);
  });

  test('a deploy works', () => {
    expect(told().deploy).toMatchObject({ exitCode: 0 });
    expect(told().notes).toEqual(['written']);
  });

  test('a second deploy has nothing to do', () => {
    expect(told().second.stderr).toContain('nothing to do');
  });
});
