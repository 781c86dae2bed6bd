import { expect, test } from 'vitest';
import { apiRelease, apiService } from '../../../support/supervisor-apps.js';
import { bodyOf, eventually, openStage, release, serve } from '../../../support/supervisor-stage.js';

test.concurrent('a healthy release becomes ready and takes traffic', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();

  const url = await serve(client, apiRelease('r1', stage.apps, { replicas: 2 }));

  expect(await bodyOf(url)).toBe('r1');
  expect((await fetch(url)).headers.get('x-agentctl-release')).toBe('r1');
  const status = await client.status();
  expect(status).toMatchObject({ servingRelease: 'r1', url });
  expect(status.releases[0]?.services[0]?.replicas.map((replica) => replica.state)).toEqual(['ready', 'ready']);
});

test.concurrent(
  'a replica that ends twice while it starts fails the release at once, with its last lines',
  async (context) => {
    const stage = openStage(context);
    const client = await stage.start();

    const status = await release(client, apiRelease('r1', stage.apps, { env: { APP_MODE: 'crash' } }));

    expect(status.state).toBe('failed');
    expect(status.problem).toEqual({
      service: 'api',
      reason: 'api.1 exited with code 1 two times',
      logTail: ['about to crash'],
    });
  },
);

test.concurrent(
  'a replica that never answers 200 fails the release when its time is over, and is stopped',
  async (context) => {
    const stage = openStage(context);
    const client = await stage.start();
    const health = { readiness: '/health', startupTimeoutSeconds: 5 };

    const status = await release(client, apiRelease('r1', stage.apps, { env: { APP_MODE: 'never-healthy' }, health }));

    expect(status.problem?.reason).toBe('api.1 did not answer 200 on GET /health within 5 s (last: 503)');
    await eventually(async () => {
      const now = await client.release('r1');
      return now?.services[0]?.replicas.every((replica) => replica.state === 'stopped');
    });
  },
);

test.concurrent('a replica on another port fails the release, and the problem names that port', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const health = { readiness: '/health', startupTimeoutSeconds: 5 };

  const status = await release(client, apiRelease('r1', stage.apps, { env: { APP_MODE: 'wrong-port' }, health }));

  expect(status.problem?.reason).toMatch(
    /^api\.1: nothing listened on port \d+ within 5 s \(last: connection refused, it listens on \d+\)$/,
  );
});

test.concurrent('a command that does not exist fails the release at once and says what to do', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();

  const status = await release(client, apiRelease('r1', stage.apps, { command: ['no-such-program'] }));

  expect(status.problem?.reason).toContain('api.1 could not start: command "no-such-program" was not found (Install');
});

test.concurrent('a release that starts slowly becomes ready', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();

  const status = await release(client, apiRelease('r1', stage.apps, { env: { APP_MODE: 'slow-start' } }));

  expect(status.state).toBe('ready');
  expect(status.services[0]?.replicas[0]?.restarts).toBe(0);
});

test.concurrent('a replica gets its own port through PORT and through its command', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const command = [process.execPath, 'app.mjs', '--port=8000', '--bind', '0.0.0.0:8000', '--own=${port}', '8000'];

  const url = await serve(client, apiRelease('r1', stage.apps, { command }));

  const { PORT, HOST } = JSON.parse(await bodyOf(`${url}/env`));
  expect(HOST).toBe('127.0.0.1');
  expect(PORT).not.toBe('8000');
  expect(JSON.parse(await bodyOf(`${url}/argv`))).toEqual([
    `--port=${PORT}`,
    '--bind',
    `127.0.0.1:${PORT}`,
    `--own=${PORT}`,
    PORT,
  ]);
});

test.concurrent('a replica sees its own environment and nothing of the shell', async (context) => {
  const stage = openStage(context);
  const client = await stage.start({ environment: { AWS_SECRET_ACCESS_KEY: 'of the shell', LC_ALL: 'C' } });

  const url = await serve(client, apiRelease('r1', stage.apps, { env: { GREETING: '${stage} ${release.id} $${x}' } }));

  const env = JSON.parse(await bodyOf(`${url}/env`));
  expect(env).toMatchObject({ GREETING: 'dev r1 ${x}', LC_ALL: 'C' });
  expect(env).not.toHaveProperty('AWS_SECRET_ACCESS_KEY');
});

test.concurrent('a release whose secret has no value is refused before anything starts', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();

  const putting = client.putRelease(apiRelease('r1', stage.apps, { env: { KEY: '${secrets.OPENAI_API_KEY}' } }));

  await expect(putting).rejects.toMatchObject({ code: 'SecretMissing', message: 'secret OPENAI_API_KEY has no value' });
  expect(await client.release('r1')).toBeUndefined();
});

test.concurrent(
  'asking for the same release again starts nothing, asking for another under its id is refused',
  async (context) => {
    const stage = openStage(context);
    const client = await stage.start();
    const manifest = apiRelease('r1', stage.apps);
    const first = await release(client, manifest);

    const second = await client.putRelease(manifest);
    const other = client.putRelease(apiRelease('r1', stage.apps, { replicas: 3 }));

    expect(second.services[0]?.replicas[0]?.pid).toBe(first.services[0]?.replicas[0]?.pid);
    await expect(other).rejects.toMatchObject({ code: 'Refused' });
  },
);

test.concurrent('traffic is not given to a release that is not ready', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  await release(client, apiRelease('r1', stage.apps, { env: { APP_MODE: 'crash' } }));

  await expect(client.switchTraffic({ release: 'r1' })).rejects.toMatchObject({ code: 'Refused' });
  await expect(client.switchTraffic({ release: 'r9' })).rejects.toMatchObject({ code: 'NotDeployed' });
  expect((await client.status()).url).toBeNull();
});

test.concurrent(
  'a serving replica that ends is started again, with growing pauses, and on a port of its own',
  async (context) => {
    const stage = openStage(context);
    const client = await stage.start();
    const url = await serve(client, apiRelease('r1', stage.apps));
    const replica = async () => (await client.release('r1'))?.services[0]?.replicas[0];
    const pauses: number[] = [];

    for (const times of [1, 2]) {
      const askedToEndAt = Date.now();
      await bodyOf(`${url}/exit`);
      await eventually(async () => {
        const { restarts, state } = (await replica()) ?? {};
        return restarts === times && state === 'ready';
      });
      pauses.push(Number(await bodyOf(`${url}/started`)) - askedToEndAt);
    }

    expect(await replica()).toMatchObject({ restarts: 2, lastExit: 'exit 3' });
    // Half a second, then a whole one, and whatever a busy machine adds.
    expect(pauses[0]).toBeGreaterThan(490);
    expect(pauses[1]).toBeGreaterThan(990);
    expect(await bodyOf(url)).toBe('r1');
  },
);

test.concurrent(
  'a replica that fails its probes is passed over as long as another is ready, and used when none is',
  async (context) => {
    const stage = openStage(context);
    const client = await stage.start();
    const url = await serve(client, apiRelease('r1', stage.apps, { replicas: 2 }));
    const states = async () =>
      (await client.release('r1'))?.services[0]?.replicas.map((replica) => replica.state) ?? [];

    await bodyOf(`${url}/fail`);
    await eventually(async () => (await states()).includes('unready'));
    const answers = new Set(await Promise.all(Array.from({ length: 6 }, () => bodyOf(`${url}/pid`))));
    await bodyOf(`${url}/fail`);
    await eventually(async () => (await states()).every((state) => state === 'unready'));

    expect(answers.size).toBe(1);
    expect(await bodyOf(url)).toBe('r1');
  },
);

test.concurrent('a worker without a port is ready when it stays up', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const worker = { ...apiService(stage.apps), name: 'worker', command: [process.execPath, 'worker.mjs'], routes: [] };
  const { port: _none, ...portless } = worker;

  const status = await release(client, { id: 'r1', services: [portless], schedules: [] });

  expect(status.services[0]?.replicas[0]).toMatchObject({ name: 'worker.1', state: 'ready', port: null });
});

test.concurrent('a service without readiness path is ready when it listens', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const health = { startupTimeoutSeconds: 60 };

  const status = await release(client, apiRelease('r1', stage.apps, { health, env: { APP_MODE: 'never-healthy' } }));

  expect(status.state).toBe('ready');
});

test.concurrent('services reach each other through an address that stays the same across releases', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const services = (id: string) => [
    apiService(stage.apps, { env: { BACK: '${services.back.url}' } }),
    apiService(stage.apps, { name: 'back', routes: [], env: { APP_VERSION: `back of ${id}` } }),
  ];

  const url = await serve(client, { id: 'r1', services: services('r1'), schedules: [] });
  const first = JSON.parse(await bodyOf(`${url}/env`)).BACK;
  const answerOfFirst = await bodyOf(first);
  await serve(client, { id: 'r2', services: services('r2'), schedules: [] });
  const second = JSON.parse(await bodyOf(`${url}/env`)).BACK;

  expect(answerOfFirst).toBe('back of r1');
  expect(second).toBe(first);
  expect(await bodyOf(second)).toBe('back of r2');
});

test.concurrent('the serving release cannot be deleted or drained, except by force', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const url = await serve(client, apiRelease('r1', stage.apps));

  await expect(client.deleteRelease('r1')).rejects.toMatchObject({ code: 'Refused' });
  await expect(client.drainRelease('r1')).rejects.toMatchObject({ code: 'Refused' });
  await client.deleteRelease('r1', { force: true });

  expect(await client.release('r1')).toBeUndefined();
  expect((await fetch(url)).status).toBe(503);
});

test.concurrent('a replica that was ready and stops being alive is started again', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const liveness = { path: '/health', initialDelaySeconds: 0, intervalSeconds: 0.1, timeoutSeconds: 10, failures: 2 };
  const health = { startupTimeoutSeconds: 60, liveness };
  const url = await serve(client, apiRelease('r1', stage.apps, { health }));
  const before = await bodyOf(`${url}/pid`);

  await bodyOf(`${url}/fail`);

  await eventually(async () => {
    const answer = await fetch(`${url}/pid`);
    return answer.ok && (await answer.text()) !== before;
  });
  const replica = (await client.status()).releases[0]?.services[0]?.replicas[0];
  expect(replica).toMatchObject({ restarts: 1, lastExit: 'not alive (GET /health: 503)' });
});
