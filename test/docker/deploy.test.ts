import { readFileSync } from 'node:fs';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runLoad } from '../../bench/load.js';
import { stateLayout } from '../../cli/supervisor/state-layout.js';
import { dockerOutput, tryDocker } from '../support/docker/docker-command.js';
import { dockerTier, hasDocker } from '../support/docker/docker-tier.js';
import { type LocalRegistry, startRegistry } from '../support/docker/local-registry.js';
import { type RegistryProxy, startRegistryProxy } from '../support/docker/registry-proxy.js';
import { eventually } from '../support/eventually.js';
import { type CopiedAgent, copyFastapiAgentForDocker } from '../support/fastapi-agent.js';
import { type CliResult, jsonLines, lastLine, plainEnvironment, startCli } from '../support/local-cli.js';
import { processesIn } from '../support/local-processes.js';

interface Job {
  readonly status: string;
  readonly attempts: number;
  readonly completions: number;
  readonly release: string;
}

/** A build, a push and a rollout on two busy cores. */
const deploySeconds = 280;

// One story in the order it is told: its deploys are the expensive part.
describe.skipIf(!hasDocker())('the FastAPI agent in containers', () => {
  let registry: LocalRegistry;
  let proxy: RegistryProxy;
  let agent: CopiedAgent;
  let key = '';
  let url = '';

  const docker = (...args: string[]): Promise<string> => dockerOutput(dockerTier().client.program, args);
  const agentctl = async (...args: string[]): Promise<CliResult> =>
    await startCli([...args, '--cloud', 'local', '-C', agent.directory], {
      workingDirectory: agent.root,
      environment: plainEnvironment(agent.root),
      limitSeconds: deploySeconds,
    }).ended;
  const deployed = async (): Promise<CliResult> => {
    const result = await agentctl('deploy', '--yes');
    expect(result.exitCode, result.stderr).toBe(0);
    url = lastLine(result.stdout);
    return result;
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
    }, 60);
  const release = async (): Promise<string> => (await json<{ release: string }>('/health')).release;
  /** What the engine has of the stage. */
  const left = async (): Promise<Record<string, string>> => {
    const filter = ['--filter', `label=dev.agentctl.stage=${key}`, '--quiet'];
    return {
      containers: await docker('ps', '--all', ...filter),
      networks: await docker('network', 'ls', ...filter),
      volumes: await docker('volume', 'ls', ...filter),
    };
  };

  beforeAll(async () => {
    const { images } = dockerTier();
    registry = await startRegistry();
    proxy = await startRegistryProxy(registry);
    agent = await copyFastapiAgentForDocker(images.python, {
      registry: `${proxy.address}/agents`,
      images: { postgres: images.postgres, redis: images.valkey },
      postgres: { version: 15 },
    });
    key = stateLayout(join(agent.directory, '.agentctl/local/local')).key;
    await deployed();
  });

  afterAll(async () => {
    await agentctl('destroy', '--delete-data', '--no-final-backup', '--yes');
    const images = await docker('images', '--quiet', '--filter', `reference=${proxy.address}/agents/*`);
    const ids = [...new Set(images.split('\n').filter((id) => id !== ''))];
    if (ids.length > 0) await tryDocker(dockerTier().client.program, ['image', 'rm', '--force', ...ids]);
    await proxy.stop();
    await registry.stop();
    await rm(agent.root, { recursive: true, force: true });
  });

  test('is built, pushed, migrated and healthy', async () => {
    expect(await json('/health')).toMatchObject({
      status: 'ok',
      database: { ok: true, schemaVersion: '0002' },
      queue: { ok: true },
    });
    expect(await say('my name is Ada and my city is Bern')).toContain('event: done');
  });

  test('runs what the registry has under the recorded digest', async () => {
    const [result] = jsonLines((await agentctl('status', '--json')).stdout) as [
      { status: { services: { name: string; digest: string }[] } },
    ];
    const digests = new Set(result.status.services.map(({ digest }) => digest));
    const running = await docker('ps', '--filter', `label=dev.agentctl.stage=${key}`, '--format', '{{.Image}}');

    expect(digests.size).toBe(1);
    for (const digest of digests) expect(running).toContain(`@${digest}`);
  });

  test('is neither built nor pushed again when nothing has changed', async () => {
    const before = proxy.seen.length;

    const again = await deployed();

    expect(again.stderr).toContain('nothing to do');
    expect(proxy.seen.slice(before).filter(({ method }) => ['POST', 'PATCH', 'PUT'].includes(method))).toEqual([]);
  });

  test('keeps conversations, fails no request and loses no job over a rollout under load', async () => {
    await appendFile(join(agent.directory, 'app/main.py'), '\n# changed\n');
    const stop = new AbortController();
    const load = runLoad({ url, clients: 4, streams: 2, seconds: deploySeconds, signal: stop.signal });
    const ids: string[] = [];
    const posting = (async () => {
      while (!stop.signal.aborted) {
        ids.push(await postJob(300));
        await sleep(500);
      }
    })();
    try {
      await deployed();
    } finally {
      stop.abort();
      await posting;
    }
    const report = await load;
    ids.push(await postJob(0));
    const jobs = await Promise.all(ids.map(finished));

    expect(report).toMatchObject({ failed: 0, cutStreams: 0, lost: 0, failures: [] });
    expect(jobs.filter(({ status, completions }) => status !== 'done' || completions !== 1)).toEqual([]);
    expect(new Set(jobs.map((job) => job.release)).size).toBe(2);
    expect(await say('what is my city?')).toContain('Your city is Bern.');
  }, 400_000);

  test('serves on when a migration fails, exit 8', async () => {
    const file = join(agent.directory, 'migrations/versions/0003_broken.py');
    const script = `"""Broken."""\nfrom alembic import op\n\nrevision = "0003"\ndown_revision = "0002"\n\n\ndef upgrade():\n    op.execute("CREATE TABLE half (id int); SELECT * FROM nowhere")\n`;
    await writeFile(file, script);
    const before = await release();

    const failed = await agentctl('deploy', '--yes');
    await rm(file);

    expect(failed.exitCode, failed.stderr).toBe(8);
    expect(failed.stderr).toContain('relation "nowhere" does not exist');
    expect(await release()).toBe(before);
    expect(await json('/health')).toMatchObject({ status: 'ok', database: { schemaVersion: '0002' } });
  });

  test('serves on when the registry takes no manifest, exit 7', async () => {
    await appendFile(join(agent.directory, 'app/main.py'), '\n# never pushed\n');
    const before = await release();
    proxy.become({ kind: 'manifest-status', status: 500 });

    const failed = await agentctl('deploy', '--yes');
    proxy.become(undefined);

    expect(failed.exitCode, failed.stderr).toBe(7);
    expect(await release()).toBe(before);
  });

  test('goes back to the release before', async () => {
    const result = await agentctl('rollback', '--yes');

    expect(result.exitCode, result.stderr).toBe(0);
    const releases = (await agentctl('releases', '--json')).stdout;
    expect(releases).toContain(await release());
    expect(await say('what is my name?')).toContain('Your name is Ada.');
  });

  test('has no secret in an image, a label, an argument or a log', async () => {
    const { generated } = JSON.parse(
      readFileSync(stateLayout(join(agent.directory, '.agentctl/local/local')).secretsFile, 'utf8'),
    ) as { generated: Record<string, string> };
    const filter = ['--filter', `label=dev.agentctl.stage=${key}`];
    const containers = (await docker('ps', '--all', ...filter, '--quiet')).split('\n');
    const images = [...new Set((await docker('ps', ...filter, '--format', '{{.Image}}')).split('\n'))];
    const looked = [
      await docker('image', 'inspect', ...images),
      ...(await Promise.all(images.map((image) => docker('history', '--no-trunc', image)))),
      await docker('inspect', '--format', '{{json .Config.Labels}} {{json .Config.Cmd}} {{json .Args}}', ...containers),
      ...(await Promise.all(containers.map(async (container) => await docker('logs', container)))),
    ].join('\n');

    expect(Object.values(generated).length).toBeGreaterThan(1);
    for (const secret of Object.values(generated)) expect(looked.includes(secret)).toBe(false);
  });

  test('leaves no container, network, volume or process when it is destroyed', async () => {
    const destroyed = await agentctl('destroy', '--delete-data', '--no-final-backup', '--yes');

    expect(destroyed.exitCode, destroyed.stderr).toBe(0);
    expect(await left()).toEqual({ containers: '', networks: '', volumes: '' });
    expect(processesIn([agent.directory])).toEqual([]);
  });
});
