import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../eventually.js';

/** A real registry (Debian's `docker-registry`) on a free port. */
export interface LocalRegistry {
  readonly port: number;
  /** `127.0.0.1:port`. */
  readonly host: string;
  readonly stop: () => Promise<void>;
}

/** `directory`: where it keeps what is pushed. @default - one of its own, gone at the end */
export async function localRegistry(directory?: string): Promise<LocalRegistry> {
  const home = mkdtempSync(join(tmpdir(), 'agentctl-registry-'));
  const data = directory ?? join(home, 'data');
  mkdirSync(data, { recursive: true });
  const port = await freePort();
  const config = join(home, 'config.yml');
  writeFileSync(
    config,
    JSON.stringify({
      version: 0.1,
      log: { level: 'error', accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: data }, delete: { enabled: true } },
      http: { addr: `127.0.0.1:${port}` },
    }),
  );
  const child: ChildProcess = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
  const host = `127.0.0.1:${port}`;
  await eventually(
    async () =>
      await fetch(`http://${host}/v2/`)
        .then((answer) => answer.ok)
        .catch(() => false),
    30,
  );
  return {
    port,
    host,
    stop: async () => {
      if (child.exitCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
