import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { AgentctlError } from '../../errors.js';

/**
 * Below the range from which Linux (32768–60999) and macOS (49152–65535) take ports for outgoing connections, which could
 * otherwise take a port between our choosing it and a process listening on it.
 */
const firstPort = 20_000;
const lastPort = 32_767;
const attempts = 200;

/** Hands out free loopback ports, never one twice while it is held. */
export interface PortAllocator {
  /**
   * A port nobody listens on now, held until released.
   *
   * @throws AgentctlError EnvironmentNotReady: none was found
   */
  allocate(): Promise<number>;
  /** Holds a port that was chosen otherwise. */
  hold(port: number): void;
  release(port: number): void;
}

/** An allocator that knows no ports yet. */
export function createPortAllocator(random: (min: number, max: number) => number = randomInt): PortAllocator {
  const held = new Set<number>();
  return {
    allocate: async () => {
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        const port = random(firstPort, lastPort + 1);
        if (held.has(port)) continue;
        held.add(port);
        if (await isPortFree(port)) return port;
        held.delete(port);
      }
      throw new AgentctlError('EnvironmentNotReady', `no free port was found between ${firstPort} and ${lastPort}`, {
        fix: 'Stop some of the programs that listen on this machine.',
      });
    },
    hold: (port) => {
      held.add(port);
    },
    release: (port) => {
      held.delete(port);
    },
  };
}

/** Whether a process could listen on a loopback port now. */
export async function isPortFree(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
