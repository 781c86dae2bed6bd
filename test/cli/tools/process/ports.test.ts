import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type TestContext, expect, test } from 'vitest';
import { createPortAllocator, isPortFree, portOwner, portsOfGroup } from '../../../../cli/tools/process/index.js';

test('a port is not given out twice until it is released', async () => {
  const sequence = [20_100, 20_100, 20_101, 20_101, 20_100];
  const allocator = createPortAllocator(() => sequence.shift() ?? 20_199);

  const first = await allocator.allocate();
  const second = await allocator.allocate();
  allocator.release(first);
  const third = await allocator.allocate();

  expect(second).not.toBe(first);
  expect([first, second, third].every((port) => port >= 20_100 && port < 20_200)).toBe(true);
});

test('a port that is held or taken is not given out', async (context) => {
  const taken = await listen(context);
  const sequence = [20_300, taken, 20_301];
  const allocator = createPortAllocator(() => sequence.shift() ?? 20_399);
  allocator.hold(20_300);

  const port = await allocator.allocate();

  expect([20_301, 20_399]).toContain(port);
  expect(await isPortFree(taken)).toBe(false);
});

test('who listens on a port is told', async (context) => {
  const port = await listen(context);

  expect(portOwner(port)).toContain(`(pid ${process.pid})`);
});

test('the ports of a process group are told', async (context) => {
  const port = await listen(context);
  const { processStat } = await import('../../../../cli/tools/process/identity.js');

  expect(portsOfGroup(processStat(process.pid)?.processGroup ?? 0)).toContain(port);
});

async function listen({ onTestFinished }: TestContext): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
