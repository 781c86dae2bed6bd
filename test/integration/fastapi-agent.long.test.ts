import { existsSync } from 'node:fs';
import { appendFile, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runLoad } from '../../bench/load.js';
import { externalPostgresDirectory } from '../../cli/tools/postgres/index.js';
import { stateLayout } from '../../cli/supervisor/state-layout.js';
import { eventually } from '../support/eventually.js';
import { copyFastapiAgent, fastapiModules, fastapiPackages } from '../support/fastapi-agent.js';
import { killProcess } from '../support/kill-process.js';
import { type CliResult, lastLine, plainEnvironment, startCli } from '../support/local-cli.js';
import { parentOf, processesIn } from '../support/local-processes.js';
import { hasTool } from '../support/local-requirements.js';
import { pythonWithModules } from '../support/python-with-modules.js';

interface Job {
  readonly status: string;
  readonly result: { readonly words: number };
  readonly attempts: number;
  readonly completions: number;
  readonly release: string;
}

const python = pythonWithModules(fastapiModules, fastapiPackages);
const canRun = python !== undefined && hasTool('redis-server');

// One story: its deploys are the expensive part.
describe.skipIf(!canRun)('the FastAPI agent as processes', { shuffle: false }, () => {
  let root = '';
  let directory = '';
  let url = '';

  const agentctl = async (...args: string[]): Promise<CliResult> => {
    const environment = plainEnvironment(root);
    const path = [dirname(python ?? ''), environment['PATH']].join(delimiter);
    // What follows `--` belongs to the command that `run` starts.
    const end = args.includes('--') ? args.indexOf('--') : args.length;
    return await startCli([...args.slice(0, end), '--cloud', 'local', '-C', directory, ...args.slice(end)], {
      workingDirectory: root,
      environment: { ...environment, PATH: path },
    }).ended;
  };
  const deployed = async (): Promise<void> => {
    const result = await agentctl('deploy', '--yes');
    expect(result.exitCode, result.stderr).toBe(0);
    url = lastLine(result.stdout);
  };
  const json = async <T>(path: string, body?: unknown): Promise<T> => {
    const response = await fetch(url + path, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
    return (await response.json()) as T;
  };
  const say = async (message: string): Promise<string> => {
    const body = JSON.stringify({ conversationId: 'kept', message, paceMs: 0 });
    const stream = await (await fetch(`${url}/chat`, { method: 'POST', body })).text();
    return stream.replaceAll(/event: token\ndata: \{"text": "(.*)"\}\n\n/g, '$1');
  };
  const postJob = async (workMs: number): Promise<string> =>
    (await json<{ jobId: string }>('/jobs', { text: 'to be or not', workMs })).jobId;
  const finished = (id: string): Promise<Job> =>
    eventually(async () => {
      const job = await json<Job>(`/jobs/${id}`);
      return job.status === 'done' || job.status === 'failed' ? job : undefined;
    }, 30);

  beforeAll(async () => {
    ({ root, directory } = await copyFastapiAgent());
    await deployed();
  }, 120_000);

  afterAll(async () => {
    await agentctl('destroy', '--delete-data', '--no-final-backup', '--yes');
    await rm(root, { recursive: true, force: true });
  });

  test('is migrated, and healthy with its database and its queue', async () => {
    expect(await json('/health')).toMatchObject({
      status: 'ok',
      database: { ok: true, schemaVersion: '0002' },
      queue: { ok: true },
    });
  });

  test.each([
    ['add 2, 3 and 4.5', 'The sum is 9.5.'],
    ['Count the words in: to be or not', 'That is 4 words.'],
    ['what is my shoe size?', 'You have not told me your shoe size.'],
  ])('answers %j with %j', async (message, reply) => {
    expect(await say(message)).toContain(reply);
  });

  test('refuses what it cannot take', async () => {
    const status = async (path: string, body: string): Promise<number> =>
      (await fetch(url + path, { method: 'POST', body })).status;

    expect(await status('/chat', '{"message":')).toBe(400);
    expect(await status('/chat', '{"conversationId":"../x","message":"hello"}')).toBe(400);
    expect(await status('/chat', `"${'a'.repeat(64 * 1024)}"`)).toBe(413);
    expect(await status('/jobs', '{"text":"x","workMs":-1}')).toBe(400);
    expect(await (await fetch(`${url}/jobs/nothing`)).json()).toEqual({ error: 'there is no such job' });
  });

  test('keeps conversations and loses no job over a rollout under load', { timeout: 120_000 }, async () => {
    await say('my name is Ada and my city is Bern');
    await appendFile(join(directory, 'app/main.py'), '\n# changed\n');
    const stop = new AbortController();
    const load = runLoad({ url, clients: 4, streams: 2, seconds: 100, signal: stop.signal });
    const ids: string[] = [];
    const posting = (async () => {
      while (!stop.signal.aborted) {
        ids.push(await postJob(300));
        await sleep(250);
      }
    })();

    try {
      await deployed();
    } finally {
      stop.abort();
      await posting;
    }
    const report = await load;
    // The old worker has ended.
    ids.push(await postJob(0));
    const jobs = await Promise.all(ids.map(finished));

    expect(report).toMatchObject({ failed: 0, cutStreams: 0, lost: 0, failures: [] });
    expect(jobs.length).toBeGreaterThan(5);
    expect(
      jobs.filter(({ status, completions, result }) => status !== 'done' || completions !== 1 || result.words !== 4),
    ).toEqual([]);
    expect(new Set(jobs.map(({ release }) => release)).size).toBe(2);
    expect(await say('what is my city?')).toContain('Your city is Bern.');
  });

  test('runs a job again whose worker process was killed', async () => {
    const id = await postJob(2000);
    await eventually(async () => (await json<Job>(`/jobs/${id}`)).status === 'running');

    poolProcesses(directory).forEach(killProcess);

    expect(await finished(id)).toMatchObject({ status: 'done', attempts: 2, completions: 1 });
  });

  test('runs a job whose message never reached the queue', async () => {
    const script = [
      'from app.config import read_config',
      'from app.database import open_engine',
      'from app.jobs import Jobs',
      'engine = open_engine(read_config().database_url, size=0, name="test")',
      'print(Jobs(engine).add({"text": "to be or not", "workMs": 0}))',
    ].join('\n');

    const added = await agentctl('run', '--', 'python', '-c', script);

    expect(added.exitCode, added.stderr).toBe(0);
    expect(await finished(lastLine(added.stdout))).toMatchObject({ status: 'done', completions: 1 });
  });

  test('leaves nothing when it is destroyed', async () => {
    const external = externalPostgresDirectory(stateLayout(join(directory, '.agentctl/local/local')).key);

    const destroyed = await agentctl('destroy', '--delete-data', '--no-final-backup', '--yes');

    expect(destroyed.exitCode, destroyed.stderr).toBe(0);
    expect(processesIn([directory, external])).toEqual([]);
    expect(existsSync(external)).toBe(false);
  });
});

/** Those that run jobs: processes of the worker whose parent is one as well. */
function poolProcesses(directory: string): readonly number[] {
  const workers = processesIn([directory]).filter(({ commandLine }) => commandLine.includes('app.worker'));
  const pids = new Set(workers.map(({ pid }) => pid));
  return [...pids].filter((pid) => pids.has(parentOf(pid) ?? 0));
}
