import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { heldDeploy } from '../support/held-deploy.js';
import { killProcess } from '../support/kill-process.js';
import { story } from '../support/local-project.js';

describe.concurrent('a lock that is taken away from a deploy that goes on', () => {
  const told = story(async (open) => {
    const project = await open({ config: { build: true }, variant: { version: 'v1' } });
    await project.deployed();
    await project.become({ version: 'v2' });
    const first = await heldDeploy(project);
    const refused = await project.agentctl(['unlock', '--yes']);
    const unlocked = await project.agentctl(['unlock', '--force', '--yes', '--json']);
    const stopped = await first.ended;
    await project.letGo('build');
    const afterwards = { agents: project.agentProcesses().length, ledger: project.ledger() };
    const [, resume = ''] = /agentctl (resume \S+)/.exec(stopped.stderr) ?? [];
    const resumed = await project.agentctl(resume.split(' '));
    return { pid: first.pid, refused, unlocked, stopped, afterwards, resumed, ledger: project.ledger() };
  });

  test('is only taken by force', () => {
    expect(told().refused).toMatchObject({ exitCode: 6 });
    expect(told().refused.stderr).toContain(`(pid ${told().pid}) is alive`);
    expect(told().refused.stderr).toContain('in: build the agent');
    expect(told().refused.stderr).toMatch(/serving +r1/);
    expect(told().unlocked).toMatchObject({ exitCode: 0 });
  });

  test('stops it with an error of its own, though nothing else went wrong', () => {
    expect(told().stopped).toMatchObject({ exitCode: 6, stdout: '' });
    expect(told().stopped.stderr).toMatch(/was stopped because its lock was taken away.*\[LockLost\]/);
  });

  test('leaves what serves as it was', () => {
    expect(told().afterwards).toMatchObject({ agents: 1, ledger: [{ id: 'r1' }] });
  });

  test('can be followed by resuming the run, as it said', () => {
    expect(told().resumed).toMatchObject({ exitCode: 0 });
    expect(told().ledger).toMatchObject([{ id: 'r1' }, { id: 'r2', outcome: 'released' }]);
  });
});

describe.concurrent('a lock that another deploy has got meanwhile', () => {
  const told = story(async (open) => {
    const project = await open({ config: { build: true }, variant: { version: 'v1' } });
    const lockFile = join(project.stateDirectory, 'lock.json');
    const first = await heldDeploy(project);
    await project.agentctl(['unlock', '--force', '--yes']);
    const second = project.start(['deploy', '--yes']);
    await second.said('build: begins');
    const stopped = await first.ended;
    const holder = JSON.parse(readFileSync(lockFile, 'utf8')) as { readonly pid: number };
    await project.letGo('build');
    const ended = await second.ended;
    return { stopped, holder, second: second.pid, ended, ledger: project.ledger(), left: existsSync(lockFile) };
  });

  test('is not removed by the one that lost it', () => {
    expect(told().stopped).toMatchObject({ exitCode: 6 });
    expect(told().stopped.stderr).toContain('[LockLost]');
    expect(told().holder.pid).toBe(told().second);
  });

  test('serves the other one to its end', () => {
    expect(told().ended).toMatchObject({ exitCode: 0 });
    expect(told().ledger).toMatchObject([{ outcome: 'released' }]);
    expect(told().left).toBe(false);
  });
});

describe.concurrent('the lock of a deploy that was killed', () => {
  const told = story(async (open) => {
    const project = await open({ config: { build: true } });
    const first = await heldDeploy(project);
    killProcess(first.pid);
    await first.ended;
    await project.letGo('build');
    await project.write('agentctl.yaml', 'name: [broken');
    const asked = await project.agentctl(['unlock']);
    const unlocked = await project.agentctl(['unlock', '--yes']);
    const again = await project.agentctl(['unlock', '--yes']);
    await project.configure({ build: true });
    const deployed = await project.agentctl(['deploy', '--yes']);
    const files = readdirSync(project.stateDirectory).filter((name) => name.startsWith('lock.json'));
    return { asked, unlocked, again, deployed, files };
  });

  test('is removed with a yes, whatever the config file holds', () => {
    expect(told().asked).toMatchObject({ exitCode: 2 });
    expect(told().asked.stderr).toContain('does not run on this machine any more');
    expect(told().unlocked).toMatchObject({ exitCode: 0 });
  });

  test('is not missed', () => {
    expect(told().again.stdout).toContain('nothing to unlock');
    expect(told().deployed).toMatchObject({ exitCode: 0 });
    expect(told().files).toEqual([]);
  });
});

describe.concurrent('the lock of a deploy that was killed, without unlock', () => {
  const told = story(async (open) => {
    const project = await open({ config: { build: true } });
    const first = await heldDeploy(project);
    killProcess(first.pid);
    await first.ended;
    await project.letGo('build');
    return { pid: first.pid, deployed: await project.agentctl(['deploy', '--yes']) };
  });

  test('is taken over by the next one, which says whose it was', () => {
    expect(told().deployed).toMatchObject({ exitCode: 0 });
    expect(told().deployed.stderr).toMatch(
      new RegExp(`took over the lock of \\S+ \\(pid ${told().pid}\\), which is gone: agentctl deploy --yes`),
    );
  });
});
