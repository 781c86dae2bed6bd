import { describe, expect, test } from 'vitest';
import { jsonLines, plainEnvironment } from '../support/local-cli.js';
import { type LocalProject, story } from '../support/local-project.js';
import { hasTool } from '../support/local-requirements.js';
import { startAtTerminal } from '../support/local-terminal.js';

const escape = '\u001B';

describe.concurrent('--json', () => {
  const told = story(async (open) => {
    const project = await open({ config: { migration: true }, variant: { version: 'v1' } });
    const [usage, unanswered, plan] = await Promise.all([
      project.agentctl(['deploy', '--json', '--bogus']),
      project.agentctl(['deploy', '--json']),
      project.agentctl(['deploy', '--plan-only', '--json']),
    ]);
    const deploy = await project.agentctl(['deploy', '--yes', '--json']);
    const nothing = await project.agentctl(['deploy', '--yes', '--json']);
    const logs = await project.agentctl(['logs', '--json']);
    await project.become({ version: 'v2', mode: 'crash' });
    const broken = await project.agentctl(['deploy', '--yes', '--json']);
    await project.write('agentctl.yaml', 'name: x\nservices: {}\n');
    const invalid = await project.agentctl(['deploy', '--yes', '--json']);
    const runs = { usage, unanswered, plan, deploy, nothing, logs, broken, invalid };
    await project.configure({});
    const destroy = await project.agentctl(['destroy', '--yes', '--json']);
    return { ...runs, destroy };
  });
  const names = ['usage', 'unanswered', 'plan', 'deploy', 'nothing', 'logs', 'broken', 'invalid', 'destroy'] as const;

  test.each(names)('writes only lines of a versioned form, the last and only the last a result: %s', (name) => {
    const lines = jsonLines(told()[name].stdout);

    expect(lines.every((line) => line['v'] === 1)).toBe(true);
    expect(lines.filter(({ type }) => !['step', 'log', 'warning', 'result'].includes(String(type)))).toEqual([]);
    expect(lines.findIndex(({ type }) => type === 'result')).toBe(lines.length - 1);
  });

  test.each(names)('writes nothing to stderr: %s', (name) => {
    expect(told()[name].stderr).toBe('');
  });

  test.each(names)('tells the exit code in the result: %s', (name) => {
    const { exitCode, stdout } = told()[name];

    expect(jsonLines(stdout).at(-1)).toMatchObject({ exitCode, ok: exitCode === 0 });
  });

  test('tells what a deploy came to', () => {
    expect(jsonLines(told().deploy.stdout).at(-1)).toMatchObject({ changed: true, release: 'r1' });
    expect(jsonLines(told().nothing.stdout).at(-1)).toMatchObject({ changed: false, release: 'r1' });
  });

  test('tells every step, from start to end', () => {
    const steps = jsonLines(told().deploy.stdout).filter(({ type }) => type === 'step');
    const of = (state: string) => new Set(steps.filter((step) => step['state'] === state).map(({ step }) => step));

    expect([...of('started')]).toEqual(
      expect.arrayContaining(['build', 'migration-migrate', 'start', 'switch', 'verify']),
    );
    expect(of('succeeded')).toEqual(of('started'));
  });

  test('tells a failure with its code and what to do', () => {
    const { error } = jsonLines(told().broken.stdout).at(-1) as { error: Record<string, unknown> };

    expect(error).toMatchObject({ code: 'RolledBack', message: expect.stringContaining('r1 still serves') as string });
    expect(error['fix']).toBeTypeOf('string');
    expect(error['detail']).toContain('cannot load the model');
  });

  test('tells every problem of a config file', () => {
    expect(jsonLines(told().invalid.stdout).at(-1)).toMatchObject({
      exitCode: 2,
      error: { code: 'SpecInvalid', data: { problems: expect.any(Array) as unknown[] } },
    });
  });
});

describe.concurrent('a deploy without a terminal', () => {
  const told = story(async (open) => {
    const project = await open({ config: { migration: true } });
    const unanswered = await project.agentctl(['deploy']);
    const noInput = await project.agentctl(['deploy', '--no-input']);
    const afterwards = { ledger: project.ledger(), running: project.agentProcesses() };
    const piped = await project.agentctl(['deploy', '--yes']);
    const uncolored = await project.agentctl(['deploy', '--yes', '--no-color'], { environment: { FORCE_COLOR: '1' } });
    const [status, logs, undestroyed] = await Promise.all([
      project.agentctl(['status', '--no-color'], { environment: { FORCE_COLOR: '1' } }),
      project.agentctl(['logs']),
      project.agentctl(['destroy']),
    ]);
    return { unanswered, noInput, afterwards, piped, uncolored, status, logs, undestroyed };
  });

  test('is refused without --yes, and says so', () => {
    expect(told().unanswered).toMatchObject({ exitCode: 2, stdout: '' });
    expect(told().unanswered.stderr).toContain('fix: pass --yes');
    expect(told().noInput).toMatchObject({ exitCode: 2 });
  });

  test('that is refused deploys nothing', () => {
    expect(told().afterwards).toEqual({ ledger: [], running: [] });
  });

  test('prints no control sequences, also none of the program it runs', () => {
    const { piped, logs } = told();

    expect(piped).toMatchObject({ exitCode: 0 });
    expect(piped.stderr).toContain('migration token');
    expect(`${piped.stdout}${piped.stderr}${logs.stdout}${logs.stderr}`).not.toContain(escape);
  });

  test('prints no colours with --no-color, whatever the environment says', () => {
    const { uncolored, status } = told();

    expect(uncolored).toMatchObject({ exitCode: 0 });
    expect(`${uncolored.stdout}${uncolored.stderr}${status.stdout}${status.stderr}`).not.toContain(escape);
  });

  test('is not destroyed without --yes', () => {
    expect(told().undestroyed).toMatchObject({ exitCode: 2 });
    expect(told().undestroyed.stderr).toContain('fix: pass --yes');
  });
});

/** A run at a terminal in which the question is answered. */
async function answered(project: LocalProject, args: readonly string[], question: string, answer: string) {
  const run = startAtTerminal([...args, '--cloud', 'local', '-C', project.directory], {
    workingDirectory: project.root,
    environment: plainEnvironment(project.home),
  });
  await run.shows(question);
  run.type(`${answer}\r`);
  return { exitCode: await run.ended, screen: run.screen() };
}

describe.skipIf(!hasTool('script'))('at a terminal', { concurrent: true }, () => {
  const typed = 'typed-canary-5d1c77';

  const told = story(async (open) => {
    const project = await open({ config: {} });
    const no = await answered(project, ['deploy'], 'Deploy?', 'n');
    const enter = await answered(project, ['deploy'], 'Deploy?', '');
    const afterNo = { ledger: project.ledger(), running: project.agentProcesses() };
    const yes = await answered(project, ['deploy'], 'Deploy?', 'y');
    const afterYes = project.ledger();
    await project.configure({ secrets: ['API_TOKEN'] });
    const secret = await answered(project, ['secrets', 'set', 'API_TOKEN'], 'Value of API_TOKEN:', typed);
    const { stdout: list } = await project.agentctl(['secrets', 'list']);
    return { no, enter, afterNo, yes, afterYes, secret, list };
  });

  test('a no is exit 5 and deploys nothing', () => {
    expect(told().no).toMatchObject({ exitCode: 5 });
    expect(told().no.screen).toContain('declined; nothing was changed');
    expect(told().afterNo).toEqual({ ledger: [], running: [] });
  });

  test('no answer is a no', () => {
    expect(told().enter).toMatchObject({ exitCode: 5 });
  });

  test('a yes deploys', () => {
    expect(told().yes).toMatchObject({ exitCode: 0 });
    expect(told().afterYes).toMatchObject([{ id: 'r1', outcome: 'released' }]);
  });

  test('a secret is asked for and not shown', () => {
    expect(told().secret).toMatchObject({ exitCode: 0 });
    expect(told().secret.screen).not.toContain(typed);
    expect(told().list).toMatch(/^API_TOKEN +set$/m);
  });
});
