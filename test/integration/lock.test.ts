import { describe, expect, test } from 'vitest';
import { heldDeploy } from '../support/held-deploy.js';
import { story } from '../support/local-project.js';

describe.concurrent('two deploys started at once', () => {
  const told = story(async (open) => {
    const project = await open({ config: {} });
    const runs = await Promise.all([project.agentctl(['deploy', '--yes']), project.agentctl(['deploy', '--yes'])]);
    return { runs, ledger: project.ledger(), running: project.agentProcesses().length };
  });

  test('end with one that deployed and one that was refused', () => {
    expect(new Set(told().runs.map(({ exitCode }) => exitCode))).toEqual(new Set([0, 6]));
  });

  test('make one release', () => {
    expect(told().ledger).toMatchObject([{ id: 'r1', outcome: 'released' }]);
    expect(told().running).toBe(1);
  });
});

describe.concurrent('a deploy while another one runs', () => {
  const told = story(async (open) => {
    const project = await open({ config: { build: true } });
    const first = await heldDeploy(project);
    const refused = await project.agentctl(['deploy', '--yes']);
    const waiting = project.start(['deploy', '--yes', '--lock-wait', '60s']);
    await waiting.said('waiting for');
    await project.letGo('build');
    const [winner, waited] = await Promise.all([first.ended, waiting.ended]);
    return { pid: first.pid, refused, winner, waited, ledger: project.ledger() };
  });

  // The first one is held up until the second has ended.
  test('is refused without waiting for the other one', () => {
    expect(told().refused).toMatchObject({ exitCode: 6, stdout: '' });
  });

  test('is told who deploys, with which command, and what to do', () => {
    const { pid, refused } = told();

    expect(refused.stderr).toMatch(
      new RegExp(`error locked by \\S+@\\S+ \\(pid ${pid}\\) for \\d+ s: agentctl deploy --yes .*\\[Locked\\]`),
    );
    expect(refused.stderr).toContain('--lock-wait');
  });

  test('does not disturb the other one', () => {
    expect(told().winner).toMatchObject({ exitCode: 0 });
  });

  test('waits when it is told to, and then finds nothing to do', () => {
    const { waited, winner } = told();

    expect(waited).toMatchObject({ exitCode: 0, stdout: winner.stdout });
    expect(waited.stderr).toContain('nothing to do: e2e-agent r1 serves');
    expect(told().ledger).toMatchObject([{ id: 'r1' }]);
  });
});
