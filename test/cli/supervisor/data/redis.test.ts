import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { openDesiredStore } from '../../../../cli/supervisor/desired-state.js';
import { readSecretStore } from '../../../../cli/supervisor/secret-store.js';
import { stateLayout } from '../../../../cli/supervisor/state-layout.js';
import { killProcess } from '../../../support/kill-process.js';
import { eventually, openStage } from '../../../support/supervisor-stage.js';

const hasRedis = ['redis-server', 'valkey-server'].some((name) => {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});
if (!hasRedis) {
  process.stderr.write('SKIPPED: tests of Redis need redis-server or valkey-server (apt-get install redis-server)\n');
}

test.runIf(process.env['CI'] === 'true')('this machine has what the tests of Redis need', () => {
  expect(hasRedis).toBe(true);
});

test.runIf(hasRedis)(
  'Redis asks for its password, and keeps its data when it dies and when everything stops',
  async (context) => {
    const stage = openStage(context);
    const client = await stage.start();

    const { port, state, version } = await client.putRedis();
    expect((await client.putRedis()).port).toBe(port);
    const password = readSecretStore(stage.stateDirectory).generated['redis.password'] ?? '';
    expect(await ask(port, ['PING'])).toMatch(/^-NOAUTH/);
    expect(await ask(port, [`AUTH ${password}`, 'SET kept 42'])).toBe('+OK\r\n+OK\r\n');
    const { processes } = openDesiredStore(stateLayout(stage.stateDirectory)).current;
    killProcess(processes.find(({ label }) => label === 'redis')?.pid);
    await eventually(async () => {
      const { redis } = await client.status();
      return redis?.state === 'running' && redis.restarts === 1;
    });
    const afterDeath = await ask(port, [`AUTH ${password}`, 'GET kept']);
    await client.shutdown();
    const again = await stage.start();
    const { redis } = await again.status();

    expect(state).toBe('running');
    expect(version).toMatch(/^\d+\.\d+/);
    expect(afterDeath).toBe('+OK\r\n$2\r\n42\r\n');
    expect(redis).toMatchObject({ port, state: 'running' });
    expect(await ask(port, [`AUTH ${password}`, 'GET kept'])).toBe('+OK\r\n$2\r\n42\r\n');
  },
);

/** Sends inline commands and reads what comes until the server has closed the connection, which QUIT asks it to. */
async function ask(port: number, commands: readonly string[]): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port });
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write([...commands, 'QUIT', ''].join('\r\n'));
  await once(socket, 'close');
  return answer.replace(/\+OK\r\n$/, '');
}
