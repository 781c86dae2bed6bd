import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { jsonLines, plainEnvironment, startCli } from '../support/local-cli.js';
import { eventually, story } from '../support/local-project.js';
import { isRunning } from '../support/local-processes.js';
import { hasTool } from '../support/local-requirements.js';
import { startAtTerminal } from '../support/local-terminal.js';

const workerService = { command: ['node', 'worker.mjs'], env: { SERVICE: 'worker' } };

/** `agentctl run [FLAGS] -- node -e SCRIPT`. */
const node = (script: string, flags: readonly string[] = []): readonly string[] => [
  'run',
  ...flags,
  '--',
  'node',
  '-e',
  script,
];

/** A program that says its pid and stays. */
const stays = `console.log('pid ' + process.pid + '.'); setInterval(() => undefined, 1000);`;

describe.concurrent('a command beside what serves', () => {
  const told = story(async (open) => {
    const project = await open({ config: { services: { worker: workerService } } });
    const undeployed = await project.agentctl(node('1'));
    const noCommand = await project.agentctl(['run']);
    await project.deployed();
    // The config file is not needed any more.
    await project.write('agentctl.yaml', 'name: [');
    const plain = await project.agentctl(
      node(`console.log('out', process.env.SERVICE, process.env.RELEASE_ID, process.cwd()); console.error('err');`),
    );
    const worker = await project.agentctl(node('console.log(process.env.SERVICE)', ['--service', 'worker']));
    const [unknown, literal, missing, failed, killed, timedOut] = await Promise.all([
      project.agentctl(node('1', ['--service', 'wroker'])),
      project.agentctl(['run', '--', 'sh', '-c', 'VALUE=1; echo "${VALUE} $0"', '${postgres.url}']),
      project.agentctl(['run', '--', 'no-such-program', '--flag']),
      project.agentctl(node('process.exitCode = 42')),
      project.agentctl(node(`process.kill(process.pid, 'SIGKILL')`)),
      project.agentctl(node('setInterval(() => undefined, 1000)', ['--timeout', '1s'])),
    ]);
    return {
      undeployed,
      noCommand,
      plain,
      worker,
      unknown,
      literal,
      missing,
      failed,
      killed,
      timedOut,
      artifacts: join(project.stateDirectory, 'artifacts'),
      processes: project.agentProcesses().map(({ commandLine }) => commandLine),
    };
  });

  test('needs something that serves', () => {
    expect(told().undeployed).toMatchObject({ exitCode: 3, stdout: '' });
    expect(told().undeployed.stderr).toContain('[NotDeployed]');
  });

  test('has to be given', () => {
    expect(told().noCommand).toMatchObject({ exitCode: 2 });
    expect(told().noCommand.stderr).toContain('agentctl run -- ');
  });

  test('has the directory and environment of the first service; its output is all there is', () => {
    const { plain, artifacts } = told();

    expect(plain).toMatchObject({ exitCode: 0, stderr: 'err\n' });
    expect(plain.stdout.startsWith(`out api r1 ${artifacts}/`)).toBe(true);
  });

  test('has those of another service when asked', () => {
    expect(told().worker).toMatchObject({ exitCode: 0, stdout: 'worker\n' });
  });

  test('for a service that is not there: exit 2, and the nearest', () => {
    expect(told().unknown).toMatchObject({ exitCode: 2, stdout: '' });
    expect(told().unknown.stderr).toContain('did you mean worker? choose one of: api, worker');
  });

  test('is run as it was typed', () => {
    expect(told().literal).toMatchObject({ exitCode: 0, stdout: '1 ${postgres.url}\n' });
  });

  test('its exit code is ours', () => {
    expect(told().failed).toMatchObject({ exitCode: 42, stdout: '', stderr: '' });
  });

  test('that a signal ends: 128 and its number', () => {
    expect(told().killed).toMatchObject({ exitCode: 137, signal: null });
  });

  test('that is not there: 127, and why', () => {
    expect(told().missing).toMatchObject({ exitCode: 127, stdout: '' });
    expect(told().missing.stderr).toContain('command "no-such-program" was not found');
  });

  test('that takes longer than it may: exit 11, and it is gone', () => {
    expect(told().timedOut).toMatchObject({ exitCode: 11 });
    expect(told().timedOut.stderr).toMatch(/error run-\S+ did not end within 1 s and was stopped \[TimedOut\]/);
    expect(told().processes.filter((commandLine) => commandLine.includes('setInterval(() => undefined'))).toEqual([]);
  });
});

describe.concurrent('input and output of a command', () => {
  const canary = `canary-${randomBytes(12).toString('hex')}"\\end`;
  const core = canary.slice(0, 31);
  const random = randomBytes(3_000_000).toString('base64');

  const told = story(async (open) => {
    const project = await open({ config: { secrets: ['API_TOKEN'], env: { API_TOKEN: '${secrets.API_TOKEN}' } } });
    await project.agentctl(['secrets', 'set', 'API_TOKEN'], { input: canary });
    await project.deployed();
    const bytes = 50 * 1024 * 1024;
    const script = `const chunk = 'x'.repeat(1023) + '\\n';
      let left = ${bytes / 1024};
      const write = () => { while (left > 0) { left -= 1; if (!process.stdout.write(chunk)) return process.stdout.once('drain', write); } };
      write();`;
    const big = await project.agentctl(node(script));
    const cat = await project.agentctl(['run', '-i', '--', 'cat'], { input: random });
    const without = await project.agentctl(['run', '--', 'cat'], { input: 'ignored' });

    const dialogue = project.start(
      node(
        `process.stdout.write('Name? '); process.stdin.once('data', (name) => { console.log('Hello ' + name); process.exit(); });`,
        ['--interactive'],
      ),
      { keepsInput: true },
    );
    await dialogue.printed('Name? ');
    dialogue.type('Ann\n');
    const said = await dialogue.ended;

    const secret = await project.agentctl(
      node(`const { API_TOKEN: t } = process.env;
        const forms = [t, Buffer.from(t).toString('base64'), encodeURIComponent(t), JSON.stringify({ t })];
        for (const form of forms) { console.log(form); console.error(form); }
        process.stdout.write(t.slice(0, 9)); setTimeout(() => process.stdout.write(t.slice(9)), 400);`),
    );
    const json = await project.agentctl(
      node(
        `console.log('one'); console.error('two ' + process.env.API_TOKEN); process.stdout.write('three'); process.exitCode = 4;`,
        ['--json'],
      ),
    );
    const { task } = jsonLines(json.stdout).at(-1) as { task: string };
    const logs = await project.agentctl(['logs', '--task', task]);
    const noLogs = await project.agentctl(['logs', '--task', 'run-none']);
    const head = await project.agentctl(['run', '--', 'sh', '-c', 'yes | head -c 10000000 | head -c 5']);
    // The exit code of agentctl goes to stderr, since that of a pipe is the one of its last command.
    const closed = await startCli(['run', '--cloud', 'local', '-C', project.directory, '--', 'yes'], {
      workingDirectory: project.root,
      environment: plainEnvironment(project.home),
      through: ['sh', '-c', '{ "$@"; echo "code $?" >&2; } | head -c 4', 'sh'],
    }).ended;
    const isYesGone = await eventually(() =>
      project.agentProcesses().every(({ commandLine }) => commandLine !== 'yes'),
    ).catch(() => false);
    const stored = readFileSync(join(project.stateDirectory, 'logs', 'tasks', `${task}.log`), 'utf8');
    return { bytes, big, cat, without, said, secret, json, task, logs, noLogs, head, closed, isYesGone, stored };
  });

  const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

  test('50 MB come out whole', () => {
    const { big, bytes } = told();

    expect(big).toMatchObject({ exitCode: 0, stderr: '' });
    expect(digest(big.stdout)).toBe(digest(`${'x'.repeat(1023)}\n`.repeat(bytes / 1024)));
  });

  test('with -i, standard input reaches it whole, and so does its end', () => {
    expect(told().cat).toMatchObject({ exitCode: 0 });
    expect(digest(told().cat.stdout)).toBe(digest(random));
  });

  test('without a terminal and without -i there is no input', () => {
    expect(told().without).toMatchObject({ exitCode: 0, stdout: '' });
  });

  test('a dialogue works, and its end is ours although the input goes on', () => {
    expect(told().said).toMatchObject({ exitCode: 0, stdout: 'Name? Hello Ann\n\n' });
  });

  test('a secret is masked on both streams in every form it is printed in', () => {
    const { secret } = told();

    expect(secret.exitCode).toBe(0);
    expect(secret.stderr).toBe('•••\n•••\n•••\n{"t":"•••"}\n');
    expect(secret.stdout).toBe('•••\n•••\n•••\n{"t":"•••"}\n•••');
    expect(`${secret.stdout}${secret.stderr}`).not.toContain(core);
  });

  test('--json: a line of output is a log line, and the result has the exit code', () => {
    const lines = jsonLines(told().json.stdout);

    expect(told().json).toMatchObject({ exitCode: 4, stderr: '' });
    expect(lines.slice(0, -1).toSorted((a, b) => String(a['line']).localeCompare(String(b['line'])))).toEqual([
      { v: 1, type: 'log', stream: 'out', line: 'one' },
      { v: 1, type: 'log', stream: 'out', line: 'three' },
      { v: 1, type: 'log', stream: 'err', line: 'two •••' },
    ]);
    expect(lines.at(-1)).toMatchObject({
      type: 'result',
      ok: false,
      exitCode: 4,
      action: 'run',
      release: 'r1',
      workload: 'api',
    });
  });

  test('what it printed can be read again, masked', () => {
    const { logs, stored } = told();

    expect(logs).toMatchObject({ exitCode: 0 });
    expect(logs.stdout.split('\n').toSorted()).toEqual(['', 'one', 'three', 'two •••']);
    expect(stored).not.toContain(core);
  });

  test('of a run that is not there: the newest ones are named', () => {
    expect(told().noLogs).toMatchObject({ exitCode: 2 });
    expect(told().noLogs.stderr).toContain(told().task);
  });

  test('output that nobody reads any more ends it, as in a shell', () => {
    expect(told().closed).toMatchObject({ stdout: 'y\ny\n', stderr: 'code 141\n' });
    expect(told().isYesGone).toBe(true);
  });

  test('a pipe within it works as in a shell', () => {
    expect(told().head).toMatchObject({ exitCode: 0, stdout: 'y\ny\ny' });
  });
});

describe.concurrent('a command and the end of the one who runs it', () => {
  const told = story(async (open) => {
    const project = await open();
    await project.deployed();
    const before = project.agentProcesses().length;

    const started = async (script: string, flags: readonly string[] = []) => {
      const run = project.start(node(script, flags), { keepsInput: flags.includes('-i') });
      await run.printed('pid ');
      return run;
    };
    const killed = await started(stays);
    killed.signal('SIGKILL');
    const isGoneAfterKill = await eventually(() => project.agentProcesses().length === before).catch(() => false);

    const fed = await started(stays, ['-i']);
    fed.type('x'.repeat(3_000_000));
    fed.signal('SIGKILL');
    const isGoneAfterFedKill = await eventually(() => project.agentProcesses().length === before).catch(() => false);

    const polite = await started(
      `process.on('SIGINT', () => { console.log('tidied up'); process.exit(5); }); ${stays}`,
    );
    polite.signal('SIGINT');
    const interrupted = await polite.ended;

    const plain = await started(stays);
    plain.signal('SIGINT');
    const ended = await plain.ended;

    const stubborn = await started(
      `process.on('SIGINT', () => undefined); process.on('SIGTERM', () => undefined); ${stays}`,
    );
    stubborn.signal('SIGINT');
    await stubborn.said('again to quit at once');
    stubborn.signal('SIGINT');
    const left = await stubborn.ended;
    const isGoneAfterTwo = await eventually(() => project.agentProcesses().length === before).catch(() => false);
    return { isGoneAfterKill, isGoneAfterFedKill, interrupted, ended, left, isGoneAfterTwo };
  });

  test('kill -9 of agentctl leaves nothing running', () => {
    expect(told().isGoneAfterKill).toBe(true);
  });

  test('nor does it when the command has input that it does not read', () => {
    expect(told().isGoneAfterFedKill).toBe(true);
  });

  test('Ctrl-C reaches the command, whose last words and exit code are ours', () => {
    expect(told().interrupted).toMatchObject({ exitCode: 5 });
    expect(told().interrupted.stdout).toContain('tidied up\n');
  });

  test('Ctrl-C of a command that does not care: 130, as in a shell', () => {
    expect(told().ended).toMatchObject({ exitCode: 130 });
  });

  test('a second Ctrl-C leaves at once, and the command is stopped all the same', () => {
    const { left, isGoneAfterTwo } = told();

    // Had it waited for the command, which ends by SIGKILL only, this would be 137.
    expect(left.exitCode === 130 || left.signal === 'SIGINT').toBe(true);
    expect(isGoneAfterTwo).toBe(true);
  });
});

describe.concurrent('a command during a deploy', () => {
  const told = story(async (open) => {
    const project = await open({ config: { migration: true }, variant: { version: 'v1' } });
    await project.deployed();
    const beside = project.start(node(stays));
    await beside.printed('pid ');
    await project.become({ version: 'v2' });
    await project.hold('migration');
    const deploying = project.start(['deploy', '--yes']);
    await deploying.said('migration 1: begins');
    const during = await project.agentctl(node('console.log(process.env.RELEASE_ID)'));
    await project.letGo('migration');
    const deploy = await deploying.ended;
    const after = await project.agentctl(node('console.log(process.env.RELEASE_ID)'));
    const pid = project.agentProcesses().find(({ commandLine }) => commandLine.includes('pid '))?.pid ?? 0;
    const isStillThere = isRunning(pid);
    beside.signal('SIGINT');
    return { deploy, during, after, isStillThere, beside: await beside.ended };
  });

  test('needs no lock, and runs as what still serves', () => {
    expect(told().during).toMatchObject({ exitCode: 0, stdout: 'r1\n' });
  });

  test('does not hold the deploy up, nor is it ended by it', () => {
    expect(told().deploy).toMatchObject({ exitCode: 0 });
    expect(told().isStillThere).toBe(true);
    expect(told().beside).toMatchObject({ exitCode: 130 });
  });

  test('afterwards runs as the new release', () => {
    expect(told().after).toMatchObject({ exitCode: 0, stdout: 'r2\n' });
  });
});

describe.concurrent('a schedule', () => {
  const script = `const { existsSync } = require('node:fs'); console.log('reindexed', process.env.RELEASE_ID);
    process.exitCode = existsSync(process.env.HOME + '/hold-start') ? 3 : 0;`;

  const told = story(async (open) => {
    const project = await open({
      config: { schedules: { reindex: { cron: '0 3 1 1 *', command: ['node', '-e', script] } } },
    });
    await project.deployed();
    const before = await project.agentctl(['status']);
    const good = await project.agentctl(['run', '--schedule', 'reindex']);
    await project.hold('start');
    // A run is named by its second.
    const bad = await eventually(async () => {
      const run = await project.agentctl(['run', '--schedule', 'reindex']);
      return run.exitCode === 4 ? undefined : run;
    });
    await project.letGo('start');
    const [status, json, logs, unknown, both] = await Promise.all([
      project.agentctl(['status']),
      project.agentctl(['status', '--json']),
      project.agentctl(['logs', 'reindex']),
      project.agentctl(['run', '--schedule', 'reindxe']),
      project.agentctl(['run', '--schedule', 'reindex', '--', 'true']),
    ]);
    return { before, good, bad, status, json, logs, unknown, both };
  });

  test('has never run, and says when it will', () => {
    expect(told().before.stdout).toMatch(/^reindex +0 3 1 1 \* +\d{4}-01-01 03:00 +never$/m);
  });

  test('can be run now, and its end is ours', () => {
    expect(told().good).toMatchObject({ exitCode: 0, stdout: 'reindexed r1\n' });
    expect(told().bad).toMatchObject({ exitCode: 3 });
  });

  test('shows its last run and those before', () => {
    expect(told().status.stdout).toMatch(/^reindex +0 3 1 1 \* .* \d\d:\d\d exit 3 +✓✗$/m);
  });

  test('--json: every run that is remembered, the last one first', () => {
    const { status } = jsonLines(told().json.stdout).at(-1) as {
      status: { schedules: { history: unknown[]; lastRun: unknown; next: string }[] };
    };
    const [schedule] = status.schedules;

    expect(schedule?.history).toMatchObject([
      { state: 'exited', exitCode: 3 },
      { state: 'exited', exitCode: 0 },
    ]);
    expect(schedule?.lastRun).toEqual(schedule?.history[0]);
    expect(schedule?.next).toMatch(/-01-01T03:00:00/);
  });

  test('has a log like a service', () => {
    expect(told().logs.stdout).toMatch(/^\S+ r1 reindex reindexed r1$/m);
  });

  test('that is not there: the nearest', () => {
    expect(told().unknown).toMatchObject({ exitCode: 2 });
    expect(told().unknown.stderr).toContain('did you mean reindex?');
  });

  test('has a command of its own', () => {
    expect(told().both).toMatchObject({ exitCode: 2 });
  });
});

describe.skipIf(!hasTool('script'))('a command at a terminal', { concurrent: true }, () => {
  const told = story(async (open) => {
    const project = await open();
    await project.deployed();
    const start = (script: string) =>
      startAtTerminal(['run', '--cloud', 'local', '-C', project.directory, '--', 'node', '-e', script], {
        workingDirectory: project.root,
        environment: plainEnvironment(project.home),
      });
    const asking = start(
      `process.stdout.write('Name? '); process.stdin.once('data', (name) => { console.log('Hello ' + name); process.exit(6); });`,
    );
    await asking.shows('Name? ');
    asking.type('Ann\r');
    const answered = { exitCode: await asking.ended, screen: asking.screen() };
    const staying = start(stays);
    await staying.shows('pid ');
    staying.type('\u0003');
    return { answered, interrupted: await staying.ended };
  });

  test('is typed to, and tells what it runs as', () => {
    const { exitCode, screen } = told().answered;

    expect(exitCode).toBe(6);
    expect(screen).toContain('Hello Ann');
    expect(screen).toMatch(/run-\S+: api of r1/);
  });

  test('Ctrl-C ends it', () => {
    expect(told().interrupted).toBe(130);
  });
});
