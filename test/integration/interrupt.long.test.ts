import { describe, expect, test } from 'vitest';
import { heldDeploy } from '../support/held-deploy.js';
import type { Hold } from '../support/local-apps.js';
import type { ConfigOptions } from '../support/local-config.js';
import { eventually, type LocalProject, story } from '../support/local-project.js';
import { askJson, startTraffic } from '../support/local-traffic.js';

interface Moment {
  readonly during: string;
  /** What agentctl says on stderr when the moment has come. */
  readonly said: string;
  /** What keeps it there. */
  readonly hold?: Hold;
  readonly config: ConfigOptions;
}

/** Longer than an interrupted deploy takes to end, with room for a machine that is busy with something else. */
const windDownSeconds = 60;
/** What a moment is held at gives up by itself only long after that. */
const limit = '140s';

const moments: readonly Moment[] = [
  { during: 'the build', said: 'build: begins', hold: 'build', config: { build: true } },
  { during: 'the migration', said: 'migration 1: begins', hold: 'migration', config: { migration: limit } },
  { during: 'the start', said: 'api 0/1 ready', hold: 'start', config: { startupTimeout: limit } },
  { during: 'the watch after the switch', said: '→ verify that r2 serves', config: { bake: '5s' } },
];

/** v1 serves, and a deploy of v2 has come to the moment. */
async function deployTo({ hold, said }: Moment, project: LocalProject) {
  const url = await project.deployed();
  const before = project.agentProcesses().map(({ pid }) => pid);
  await project.become({ version: 'v2' });
  if (hold !== undefined) await project.hold(hold);
  const traffic = startTraffic(url);
  const run = project.start(['deploy', '--yes']);
  await run.said(said);
  return { url, before, traffic, run };
}

describe.concurrent.each(moments)('Ctrl-C during $during', (moment) => {
  const told = story(async (open) => {
    const project = await open({ config: moment.config, variant: { version: 'v1' } });
    const { url, before, traffic, run } = await deployTo(moment, project);
    const signalled = performance.now();
    run.signal('SIGINT');
    const deploy = await run.ended;
    const seconds = (performance.now() - signalled) / 1000;
    const report = await traffic.stop();
    const after = project.agentProcesses().map(({ pid }) => pid);
    if (moment.hold !== undefined) await project.letGo(moment.hold);
    const [, resumeLine = ''] = /go on with: agentctl (resume .*)$/m.exec(deploy.stderr) ?? [];
    // `--cloud local -C DIRECTORY` is added by the project; the printed line has to be the same.
    const usual = ` --cloud local -C ${project.directory}`;
    const resume = resumeLine.endsWith(usual)
      ? await project.agentctl(resumeLine.slice(0, -usual.length).split(' '))
      : undefined;
    const last = await askJson<{ version: string; release: string }>(`${url}/who`);
    return { before, deploy, seconds, report, after, resumeLine, resume, last, ledger: project.ledger() };
  });

  test('exits 130', () => {
    expect(told().deploy).toMatchObject({ exitCode: 130, stdout: '' });
  });

  test('does not wait for what is held up', () => {
    expect(told().seconds).toBeLessThan(windDownSeconds);
  });

  test('says what serves, and how to go on', () => {
    expect(told().deploy.stderr).toContain('error interrupted; r1 still serves [Interrupted]');
    expect(told().resumeLine).toMatch(/^resume \d{8}-\d{9}-[0-9a-f]{4} --cloud local -C \//);
  });

  test('fails no request and leaves the old release serving, alone', () => {
    expect(told().report.failures).toEqual([]);
    expect(told().report.releases.at(0)).toBe('r1');
    expect(told().after).toEqual(told().before);
  });

  test('can be resumed with the printed command', () => {
    expect(told().resume).toMatchObject({ exitCode: 0 });
    expect(told().last).toMatchObject({ version: 'v2', release: 'r2' });
    expect(told().ledger).toMatchObject([{ outcome: 'released' }, { id: 'r2', outcome: 'released' }]);
  });
});

describe.concurrent('a second Ctrl-C, while the first is waited for', () => {
  const told = story(async (open) => {
    const project = await open({ config: { build: true }, variant: { version: 'v1' } });
    const url = await project.deployed();
    const before = project.agentProcesses().length;
    await project.become({ version: 'v2', build: 'stubborn' });
    const run = await heldDeploy(project);
    run.signal('SIGINT');
    await run.said('again to quit at once');
    run.signal('SIGINT');
    const deploy = await run.ended;
    const orphansGone = await eventually(() => project.agentProcesses().length === before).catch(() => false);
    await project.letGo('build');
    const next = await project.agentctl(['deploy', '--yes']);
    return { deploy, orphansGone, next, last: await askJson<{ version: string }>(`${url}/who`) };
  });

  // The build is held up until it has ended.
  test('quits, the way a shell expects it', () => {
    const { exitCode, signal } = told().deploy;

    expect(exitCode === 130 || signal === 'SIGINT').toBe(true);
  });

  test('leaves no build running', () => {
    expect(told().orphansGone).toBe(true);
  });

  test('does not keep the next deploy from working', () => {
    expect(told().next).toMatchObject({ exitCode: 0 });
    expect(told().last).toMatchObject({ version: 'v2' });
  });
});
