import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { heldDeploy } from '../support/held-deploy.js';
import { isRunning } from '../support/local-processes.js';
import { killProcess, killTogether } from '../support/kill-process.js';
import { eventually, type LocalProject, story } from '../support/local-project.js';
import { ask, askJson, startTraffic } from '../support/local-traffic.js';

interface Who {
  readonly version: string;
  readonly release: string;
  readonly pid: number;
}

/** How many migrations ran at the same time, at most. */
function migrationsAtOnce(project: LocalProject): number {
  const lines = readFileSync(join(project.home, 'migrations.trace'), 'utf8').trimEnd().split('\n');
  let running = 0;
  let most = 0;
  for (const line of lines) {
    running += line.startsWith('begin') ? 1 : -1;
    most = Math.max(most, running);
  }
  return most;
}

describe.concurrent('kill -9 of the CLI during the build', () => {
  const told = story(async (open) => {
    const project = await open({ config: { build: true }, variant: { version: 'v1' } });
    const url = await project.deployed();
    await project.become({ version: 'v2' });
    const run = await heldDeploy(project);
    run.signal('SIGKILL');
    await run.ended;
    const next = project.start(['deploy', '--yes']);
    await next.said('build: begins');
    const builds = project.agentProcesses().filter(({ commandLine }) => commandLine.includes('build.mjs')).length;
    await project.letGo('build');
    const converged = await next.ended;
    const third = await project.agentctl(['deploy', '--yes']);
    return { builds, converged, third, who: await askJson<Who>(`${url}/who`) };
  });

  test('does not keep the next deploy from working', () => {
    expect(told().converged).toMatchObject({ exitCode: 0 });
    expect(told().who).toMatchObject({ version: 'v2' });
  });

  test('leaves no build that writes into the same directory', () => {
    expect(told().builds).toBe(1);
  });

  test('leaves a third deploy nothing to do', () => {
    expect(told().third.stderr).toContain('nothing to do');
  });
});

describe.concurrent('kill -9 of the CLI during the migration', () => {
  const told = story(async (open) => {
    const project = await open({ config: { migration: true }, variant: { version: 'v1' } });
    const url = await project.deployed();
    await project.become({ version: 'v2', migration: { version: 2 } });
    await project.hold('migration');
    const traffic = startTraffic(url);
    const run = project.start(['deploy', '--yes']);
    await run.said('migration 2: begins');
    const during = await project.agentctl(['status']);
    run.signal('SIGKILL');
    await run.ended;
    const afterwards = await project.agentctl(['status']);
    const next = project.start(['deploy', '--yes']);
    await next.said('Plan:');
    await sleep(1000);
    await project.letGo('migration');
    const converged = await next.ended;
    const third = await project.agentctl(['deploy', '--yes']);
    const report = await traffic.stop();
    const who = await askJson<Who>(`${url}/who`);
    return {
      during,
      afterwards,
      atOnce: migrationsAtOnce(project),
      converged,
      third,
      report,
      who,
      running: project.agentProcesses().length,
      ledger: project.ledger(),
    };
  });

  test('is told by status, with the command that goes on', () => {
    expect(told().during.stdout).toMatch(/^run {6}deploy \S+ is going on$/m);
    expect(told().afterwards.stdout).toMatch(/^run {6}deploy \S+ was cut short; go on with:\n {9}agentctl resume /m);
  });

  test('does not keep the next deploy from working', () => {
    expect(told().converged).toMatchObject({ exitCode: 0 });
    expect(told().who).toMatchObject({ version: 'v2' });
  });

  test('never leads to two migrations at once', () => {
    expect(told().atOnce).toBe(1);
  });

  test('leaves a third deploy nothing to do', () => {
    expect(told().third).toMatchObject({ exitCode: 0 });
    expect(told().third.stderr).toContain('nothing to do');
  });

  test('leaves no process behind', () => {
    expect(told().running).toBe(1);
  });

  test('fails no request', () => {
    expect(told().report.failures).toEqual([]);
  });

  test('leaves a record of what serves', () => {
    expect(told().ledger.at(-1)).toMatchObject({ id: told().who.release, outcome: 'released' });
  });
});

describe.concurrent('kill -9 of the CLI during the watch after the switch', () => {
  const told = story(async (open) => {
    const project = await open({ config: { bake: '2s' }, variant: { version: 'v1' } });
    const url = await project.deployed();
    await project.become({ version: 'v2' });
    const traffic = startTraffic(url);
    const run = project.start(['deploy', '--yes']);
    await run.said('→ verify that r2 serves');
    run.signal('SIGKILL');
    await run.ended;
    const converged = await project.agentctl(['deploy', '--yes']);
    const third = await project.agentctl(['deploy', '--yes']);
    const report = await traffic.stop();
    const who = await askJson<Who>(`${url}/who`);
    return { converged, third, report, who, running: project.agentProcesses().length, ledger: project.ledger() };
  });

  test('does not keep the next deploy from working', () => {
    expect(told().converged).toMatchObject({ exitCode: 0 });
    expect(told().who).toMatchObject({ version: 'v2' });
  });

  test('leaves a third deploy nothing to do', () => {
    expect(told().third).toMatchObject({ exitCode: 0 });
    expect(told().third.stderr).toContain('nothing to do');
  });

  test('leaves no process behind', () => {
    expect(told().running).toBe(1);
  });

  test('fails no request', () => {
    expect(told().report.failures).toEqual([]);
  });

  test('leaves a record of what serves', () => {
    expect(told().ledger.at(-1)).toMatchObject({ id: told().who.release, outcome: 'released' });
  });
});

describe.concurrent('kill -9 of the supervisor and its guard at the same moment', () => {
  const told = story(async (open) => {
    const project = await open({ config: { postgres: true, migration: true } });
    const url = await project.deployed();
    await ask(`${url}/notes?add=kept`);
    const pid = project.supervisorPid();
    const old = project.agentProcesses().map((found) => found.pid);
    const guard = await eventually(() => project.guardPid());
    killTogether([pid, guard]);
    await eventually(() => pid !== undefined && !isRunning(pid) && !isRunning(guard));
    const status = await project.agentctl(['status']);
    const deploy = await project.agentctl(['deploy', '--yes']);
    return {
      url,
      pid,
      newPid: project.supervisorPid(),
      status,
      deploy,
      notes: await askJson<readonly string[]>(`${url}/notes`),
      leftOver: old.filter(isRunning),
      running: project.agentProcesses().length,
      ledger: project.ledger(),
    };
  });

  test('is seen by status, which says what to do', () => {
    expect(told().status.exitCode).toBe(0);
    expect(told().status.stdout).toContain('not running any more; bring it back with: agentctl deploy');
  });

  test('is mended by a deploy, on the same URL', () => {
    const { deploy, url, pid, newPid } = told();

    expect(deploy).toMatchObject({ exitCode: 0, stdout: `${url}\n` });
    expect(newPid).not.toBe(pid);
  });

  test('loses no data', () => {
    expect(told().notes).toEqual(['kept']);
  });

  test('makes no new release', () => {
    expect(told().deploy.stderr).toContain('nothing to do: e2e-agent r1 serves');
    expect(told().ledger).toMatchObject([{ id: 'r1' }]);
  });

  test('leaves no replica of the supervisor that was killed', () => {
    expect(told().leftOver).toEqual([]);
    expect(told().running).toBe(1);
  });
});

describe.concurrent('kill -9 of a replica', () => {
  const told = story(async (open) => {
    const project = await open({ config: { replicas: 2 } });
    const url = await project.deployed();
    const { pid } = await askJson<Who>(`${url}/who`);
    killProcess(pid);
    await eventually(() => !isRunning(pid));
    const traffic = startTraffic(url);
    const isReplaced = await eventually(async () => {
      const { stdout } = await project.agentctl(['status']);
      return /^api +2\/2 +1 /m.test(stdout);
    }).catch(() => false);
    return {
      isReplaced,
      report: await traffic.stop(),
      deploy: await project.agentctl(['deploy', '--yes']),
      running: project.agentProcesses().map((found) => found.pid),
      pid,
    };
  });

  test('is answered with a new one, by itself', () => {
    expect(told().isReplaced).toBe(true);
    expect(told().running).toHaveLength(2);
    expect(told().running).not.toContain(told().pid);
  });

  test('leaves the next deploy nothing to do', () => {
    expect(told().deploy).toMatchObject({ exitCode: 0 });
    expect(told().deploy.stderr).toContain('nothing to do');
  });

  test('fails no request once it is gone: the other replica answers', () => {
    expect(told().report.failures).toEqual([]);
  });
});
