import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, test } from 'vitest';
import { isWanted } from '../support/faults/wanted-cells.js';
import { report } from '../support/faults/results.js';
import { type LocalProject, openLocalProject } from '../support/local-project.js';
import { hasTool } from '../support/local-requirements.js';
import { ask } from '../support/local-traffic.js';

const nobody = { uid: 65_534, gid: 65_534 };
const as = ['setpriv', `--reuid=${nobody.uid}`, `--regid=${nobody.gid}`, '--clear-groups'];
const name = 'read-only/state/update/EACCES';

if (isWanted('read-only/') && process.getuid?.() === 0 && hasTool('setpriv')) {
  let project: LocalProject | undefined;
  afterAll(async () => await project?.remove());

  test(name, async () => {
    const started = performance.now();
    project = await openLocalProject({ through: as, owner: nobody, variant: { version: 'v1' } });
    const url = await project.deployed();
    await project.become({ version: 'v2' });
    const places = [project.stateDirectory, join(project.stateDirectory, 'runs')];
    for (const place of places) await chmod(place, 0o500);
    const refused = await project.agentctl(['deploy', '--yes']);
    const meanwhile = await ask(url);
    for (const place of places) await chmod(place, 0o700);
    const next = await project.agentctl(['deploy', '--yes']);
    const third = await project.agentctl(['deploy', '--yes']);

    const expected: readonly (readonly [boolean, string])[] = [
      [refused.exitCode === 3, `I1 exit code: ${refused.exitCode}: ${refused.stderr}`],
      [meanwhile.status === 200 && meanwhile.body === 'v1', `I2 old version: ${meanwhile.status} ${meanwhile.body}`],
      [/EACCES|permission/.test(refused.stderr), `I9 message: ${refused.stderr}`],
      [next.exitCode === 0 && (await ask(url)).body === 'v2', `I5 converges: ${next.stderr}`],
      [third.stderr.includes('nothing to do'), `I5 converges, third: ${third.stderr}`],
    ];
    const violations = expected.flatMap(([holds, evidence]) => (holds ? [] : [evidence]));
    report({ name, violations, requests: 0, seconds: (performance.now() - started) / 1000 });
  });
} else {
  test.skip('the rights of another user need root and setpriv');
}
