import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { story } from '../support/local-project.js';

const makePlan = ['deploy', '--plan-only', '-o', 'plan.json'];
const runPlan = ['deploy', '--plan', 'plan.json', '--yes'];

describe.concurrent('a plan that is made and run', () => {
  const told = story(async (open) => {
    const project = await open({});
    const made = await project.agentctl(makePlan);
    const afterPlan = { ledger: project.ledger(), running: project.processes() };
    const file = join(project.root, 'plan.json');
    const text = await readFile(file, 'utf8');
    const printed = await project.agentctl(['deploy', '--plan-only']);
    const run = await project.agentctl(runPlan);
    const ledger = project.ledger();
    const again = await project.agentctl(runPlan);
    return { made, file, afterPlan, text, printed, run, ledger, again, ledgerAfterAgain: project.ledger() };
  });

  test('is written and shown', () => {
    expect(told().made).toMatchObject({ exitCode: 0, stdout: `${told().file}\n` });
    expect(told().made.stderr).toContain('Plan: deploy e2e-agent to local (stage local), release r1');
  });

  test('changes nothing while it is made', () => {
    expect(told().afterPlan).toEqual({ ledger: [], running: [] });
  });

  test('goes to stdout without -o', () => {
    expect(JSON.parse(told().printed.stdout)).toMatchObject({ planVersion: 1, action: 'deploy', release: 'r1' });
  });

  test('is what is run', () => {
    const plan = JSON.parse(told().text) as { release: string };

    expect(told().run).toMatchObject({ exitCode: 0 });
    expect(told().ledger).toMatchObject([{ id: plan.release, outcome: 'released' }]);
  });

  test('is refused the second time: it was made when nothing served', () => {
    expect(told().again).toMatchObject({ exitCode: 4 });
    expect(told().again.stderr).toContain('no longer fits: it was made when nothing served');
    expect(told().ledgerAfterAgain).toEqual(told().ledger);
  });
});

describe.concurrent('a plan kept beside agentctl.yaml', () => {
  const told = story(async (open) => {
    const project = await open({});
    await project.agentctl(['deploy', '--plan-only', '-o', join(project.directory, 'plan.json')]);
    return await project.agentctl(['deploy', '--plan', join(project.directory, 'plan.json'), '--yes']);
  });

  test('can be run: the file itself does not make it stale', () => {
    expect(told()).toMatchObject({ exitCode: 0 });
  });
});

describe.concurrent('a plan that no longer fits', () => {
  const told = story(async (open) => {
    const project = await open({ config: {}, variant: { version: 'v1' } });
    await project.agentctl(makePlan);
    await project.configure({ replicas: 2 });
    const config = await project.agentctl(runPlan);
    await project.configure({});
    await project.become({ version: 'v2' });
    const source = await project.agentctl(runPlan);
    return { config, source, running: project.agentProcesses(), ledger: project.ledger() };
  });

  test('is refused when the config has changed', () => {
    expect(told().config).toMatchObject({ exitCode: 4, stdout: '' });
    expect(told().config.stderr).toContain('no longer fits: the config file has changed');
  });

  test('is refused when the source has changed', () => {
    expect(told().source).toMatchObject({ exitCode: 4, stdout: '' });
    expect(told().source.stderr).toContain('the source has changed');
  });

  test('deploys nothing', () => {
    expect(told()).toMatchObject({ running: [], ledger: [] });
  });
});

type Plan = Record<string, unknown> & { readonly steps: readonly Record<string, unknown>[] };

const tampering: readonly { readonly what: string; readonly change: (plan: Plan) => unknown }[] = [
  { what: 'is not JSON', change: () => '{"planVersion": 1, "steps": [' },
  { what: 'is of another version', change: (plan) => ({ ...plan, planVersion: 2 }) },
  { what: 'lacks a field', change: (plan) => ({ ...plan, steps: undefined }) },
  { what: 'has a field of its own', change: (plan) => ({ ...plan, hooks: ['curl evil.example'] }) },
  {
    what: 'runs another command',
    change: (plan) => JSON.parse(JSON.stringify(plan).replaceAll('"app.mjs"', '"evil.mjs"')) as unknown,
  },
  { what: 'leaves a step out', change: (plan) => ({ ...plan, steps: plan.steps.filter(({ id }) => id !== 'record') }) },
  {
    what: 'has a step of an unknown kind',
    change: (plan) => ({ ...plan, steps: plan.steps.map((step) => ({ ...step, kind: 'run-anything' })) }),
  },
];

describe.concurrent.each(tampering)('a plan that was tampered with: it $what', ({ change }) => {
  const told = story(async (open) => {
    const project = await open({});
    await project.agentctl(makePlan);
    const file = join(project.root, 'plan.json');
    const changed = change(JSON.parse(await readFile(file, 'utf8')) as Plan);
    await writeFile(file, typeof changed === 'string' ? changed : JSON.stringify(changed));
    const run = await project.agentctl(runPlan);
    return { run, running: project.processes(), ledger: project.ledger() };
  });

  test('is refused', () => {
    expect(told().run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(told().run.stderr).toContain('[PlanInvalid]');
  });

  test('deploys nothing', () => {
    expect(told()).toMatchObject({ running: [], ledger: [] });
  });
});

describe.concurrent('a plan that is not there', () => {
  const told = story(async (open) => (await open({})).agentctl(['deploy', '--plan', 'nowhere.json', '--yes']));

  test('is a mistake of the command line', () => {
    expect(told()).toMatchObject({ exitCode: 2 });
    expect(told().stderr).toContain('cannot read the plan nowhere.json');
  });
});
