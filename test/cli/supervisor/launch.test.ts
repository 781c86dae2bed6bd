import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSupervisorClient } from '../../../cli/supervisor/client.js';
import { connectSupervisor } from '../../../cli/supervisor/launch.js';
import { ensureSocketDirectory } from '../../../cli/supervisor/socket-path.js';
import { stateLayout } from '../../../cli/supervisor/state-layout.js';
import { openStage } from '../../support/supervisor-stage.js';

test('a supervisor of another protocol version is told apart from none, with what to do', async ({
  onTestFinished,
}) => {
  const directory = mkdtempSync(join(tmpdir(), 'agentctl-launch-'));
  const socketPath = join(directory, 's.sock');
  const server = createServer((_request, response) =>
    response.end(JSON.stringify({ protocolVersion: 99, version: '9.9.9', pid: 4711, new: 'field' })),
  );
  server.listen(socketPath);
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const about = { protocolVersion: 99, version: '9.9.9', pid: 4711, startTime: 'x', socketPath, startedAt: '' };
  writeFileSync(stateLayout(directory).supervisorFile, JSON.stringify(about));

  await expect(connectSupervisor(directory)).rejects.toMatchObject({
    code: 'EnvironmentNotReady',
    message: 'the local supervisor was started by agentctl 9.9.9 and speaks protocol 99, not 1',
    fix: expect.stringContaining('kill 4711'),
  });
});

test('nothing is connected to where no supervisor runs', async () => {
  expect(await connectSupervisor(join(tmpdir(), 'agentctl-nobody'))).toBeUndefined();
});

test('a call to a supervisor that is gone says so', async () => {
  const client = createSupervisorClient(join(tmpdir(), 'agentctl-nobody.sock'));

  await expect(client.status()).rejects.toMatchObject({ code: 'TargetUnavailable', retryable: true });
});

test('a call can be abandoned', async (context) => {
  const client = await openStage(context).start();

  await expect(client.status({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
});

test('a request that makes no sense is answered with what is wrong', async (context) => {
  const client = await openStage(context).start();

  const putting = client.putPostgres(JSON.parse('{"database":1}'));

  await expect(putting).rejects.toMatchObject({ code: 'UsageInvalid', detail: expect.stringContaining('database') });
});

test('a state file that cannot be read stops the supervisor, and the error shows why', async (context) => {
  const stage = openStage(context);
  const { desiredFile } = stateLayout(stage.stateDirectory);
  mkdirSync(stage.stateDirectory, { recursive: true });
  writeFileSync(desiredFile, '{"version":2}');

  const launching = stage.launch();

  await expect(launching).rejects.toMatchObject({
    code: 'EnvironmentNotReady',
    detail: expect.stringContaining(`${desiredFile} was written by a newer agentctl`),
  });
  expect(readFileSync(desiredFile, 'utf8')).toBe('{"version":2}');
  writeFileSync(desiredFile, JSON.stringify(empty));
});

test('a socket directory that is a link is not used, one that others can enter is closed', ({ onTestFinished }) => {
  const directory = mkdtempSync(join(tmpdir(), 'agentctl-socket-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  mkdirSync(join(directory, 'real'));
  chmodSync(join(directory, 'real'), 0o777);
  symlinkSync('real', join(directory, 'link'));

  ensureSocketDirectory(join(directory, 'real', 'x.sock'));

  expect(() => ensureSocketDirectory(join(directory, 'link', 'x.sock'))).toThrow(
    expect.objectContaining({ code: 'Refused' }),
  );
});

const empty = {
  version: 1,
  postgres: null,
  redis: null,
  gateway: { port: null, services: {} },
  releases: [],
  serving: null,
  tasks: [],
  processes: [],
};
