import { describe, expect, test } from 'vitest';
import type { Variant } from '../support/local-apps.js';
import type { ConfigOptions } from '../support/local-config.js';
import { story } from '../support/local-project.js';
import { ask, askJson, startTraffic } from '../support/local-traffic.js';

interface Broken {
  readonly mode: NonNullable<Variant['mode']>;
  /** Title of the step that fails. */
  readonly step: string;
  /** What the message says of the cause. */
  readonly cause: RegExp;
  /** What of the program's own output is shown. */
  readonly line: string;
}

const config: ConfigOptions = { bake: '2s' };
/** Long enough for a process to start and be asked once, also on a busy machine; two of these tests wait for its end. */
const impatient: ConfigOptions = { ...config, startupTimeout: '10s' };

const brokenReleases: readonly Broken[] = [
  {
    mode: 'crash',
    step: 'start api',
    cause: /api\.1 exited with code 1/,
    line: 'app v2: cannot load the model',
  },
  {
    mode: 'other-port',
    step: 'start api',
    cause: /api\.1: nothing listened on port \d+ within 10 s .*it listens on \d+/,
    line: 'app v2: listens',
  },
  {
    mode: 'never-healthy',
    step: 'start api',
    cause: /api\.1 did not answer 200 on GET \/health within 10 s \(last: 503\)/,
    line: 'app v2: model is still loading',
  },
  {
    mode: 'fails-later',
    step: 'verify that r2 serves for 2 s',
    cause: /GET \/health \(api\) answered 503|api\.1 is unready/,
    line: 'app v2: lost the model',
  },
];

describe.concurrent.each(brokenReleases)('a release that is broken: $mode', ({ mode, step, cause, line }) => {
  const told = story(async (open) => {
    const project = await open({ config, variant: { version: 'v1' } });
    const url = await project.deployed();
    await project.configure(impatient);
    await project.become({ version: 'v2', mode });
    const traffic = startTraffic(url);
    const deploy = await project.agentctl(['deploy', '--yes']);
    const report = await traffic.stop();
    const after = await askJson<{ version: string }>(`${url}/who`);
    const running = project.agentProcesses();
    const ledger = project.ledger();
    await project.configure(config);
    await project.become({ version: 'v3' });
    const next = await project.agentctl(['deploy', '--yes']);
    return { deploy, report, after, running, ledger, next, last: await askJson<{ version: string }>(`${url}/who`) };
  });

  test('exits 9', () => {
    expect(told().deploy).toMatchObject({ exitCode: 9, stdout: '' });
  });

  test('fails no request while it comes and goes', () => {
    const { report, deploy } = told();

    expect(report.failures).toEqual([]);
    // Asked all the time: twenty times a second, less on a busy machine.
    expect(report.requests).toBeGreaterThan(deploy.seconds);
  });

  test('leaves the old release serving, alone', () => {
    expect(told().after).toMatchObject({ version: 'v1' });
    expect(told().running).toHaveLength(1);
  });

  test('says which step failed', () => {
    expect(told().deploy.stderr).toContain(`✗ ${step}`);
  });

  test('says why, and what serves now', () => {
    const [error = ''] = told()
      .deploy.stderr.split('\n')
      .filter((text) => text.startsWith('error '));

    expect(error).toMatch(cause);
    expect(error).toMatch(/; r1 still serves \[RolledBack\]$/);
  });

  test('shows its last log lines', () => {
    const shown = told()
      .deploy.stderr.split('\n')
      .filter((text) => text.startsWith('  | '));

    expect(shown.join('\n')).toContain(line);
  });

  test('is recorded as rolled back', () => {
    expect(told().ledger).toMatchObject([
      { id: 'r1', outcome: 'released' },
      { id: 'r2', outcome: 'rolled-back' },
    ]);
  });

  test('does not stand in the way of the next deploy', () => {
    expect(told().next).toMatchObject({ exitCode: 0 });
    expect(told().last).toMatchObject({ version: 'v3' });
  });
});

describe.concurrent.each(brokenReleases.filter(({ mode }) => mode === 'crash' || mode === 'fails-later'))(
  'a first release that is broken: $mode',
  ({ mode, cause }) => {
    const told = story(async (open) => {
      const project = await open({ config, variant: { version: 'v2', mode } });
      const deploy = await project.agentctl(['deploy', '--yes']);
      const running = project.agentProcesses();
      const status = await project.agentctl(['status']);
      const ledger = project.ledger();
      await project.become({ version: 'v3' });
      const next = await project.agentctl(['deploy', '--yes']);
      return { deploy, running, status, ledger, next, last: await ask(next.stdout.trim()) };
    });

    test('exits 10', () => {
      expect(told().deploy).toMatchObject({ exitCode: 10, stdout: '' });
    });

    test('says why, and that nothing serves', () => {
      const [error = ''] = told()
        .deploy.stderr.split('\n')
        .filter((text) => text.startsWith('error '));

      expect(error.replace('r2', 'r1')).toMatch(cause);
      expect(error).toMatch(/; nothing serves \[NotRolledBack\]$/);
    });

    test('says what stays, before and after', () => {
      const { stderr } = told().deploy;

      expect(stderr).toContain(
        'no replica is left running.\n  What was set up for it stays, such as a database: agentctl',
      );
      expect(stderr).toContain('\n! taking it back\n');
      expect(stderr).toMatch(/and deploy again: agentctl deploy --cloud local .*\n +what was set up for it stays/);
    });

    test('leaves nothing of it running', () => {
      expect(told().running).toEqual([]);
      expect(told().status.stdout).toContain('not deployed');
    });

    test('is recorded as failed', () => {
      expect(told().ledger).toMatchObject([{ id: 'r1', outcome: 'failed' }]);
    });

    test('does not stand in the way of the next deploy', () => {
      expect(told().next).toMatchObject({ exitCode: 0 });
      expect(told().last).toMatchObject({ status: 200, body: 'v3' });
    });
  },
);

describe.concurrent('a release that starts slowly, but within its startup timeout', () => {
  const told = story(async (open) => {
    const project = await open({ config, variant: { mode: 'slow-start' } });
    return { deploy: await project.agentctl(['deploy', '--yes']), ledger: project.ledger() };
  });

  test('is deployed', () => {
    expect(told().deploy).toMatchObject({ exitCode: 0 });
    expect(told().ledger).toMatchObject([{ outcome: 'released' }]);
  });
});
