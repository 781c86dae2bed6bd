import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../eventually.js';

/** A registry of a test, on loopback. */
export interface LocalRegistry {
  /** Where images go: `127.0.0.1:41234`. Every Docker speaks plain HTTP with loopback addresses. */
  readonly address: string;
  readonly port: number;
  /** Holds the blobs. */
  readonly storage: string;
  /** Ends it and removes what was pushed. */
  stop(): Promise<void>;
}

/** Who may push and pull. */
export interface RegistryLogin {
  readonly username: string;
  readonly password: string;
}

/** How a registry is set up. */
export interface LocalRegistryOptions {
  /** @default - everybody may do everything */
  readonly login?: RegistryLogin;
  /** Where blobs are kept, such as a disk that is full soon. @default - a temporary directory */
  readonly storage?: string;
}

/** Debian's registry (package docker-registry: CNCF Distribution 2.8) on a free port. */
export async function startRegistry(options: LocalRegistryOptions = {}): Promise<LocalRegistry> {
  const directory = await mkdtemp(join(tmpdir(), 'agentctl-registry-'));
  const storage = options.storage ?? join(directory, 'storage');
  const passwords = join(directory, 'htpasswd');
  if (options.login !== undefined) {
    const { username, password } = options.login;
    await writeFile(passwords, `${username}:${bcrypt(password)}\n`, { mode: 0o600 });
  }
  const port = await freePort();
  const config = join(directory, 'config.yml');
  await writeFile(config, JSON.stringify(registryConfig(port, storage, options.login && passwords), null, 2));
  const child = spawn('docker-registry', ['serve', config], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', OTEL_TRACES_EXPORTER: 'none' },
  });
  let said = '';
  const keep = (chunk: Buffer): void => void (said = `${said}${chunk.toString()}`.slice(-4000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      said += String(error);
      resolve();
    });
    child.once('exit', () => resolve());
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await rm(directory, { recursive: true, force: true });
  };
  const address = `127.0.0.1:${port}`;
  await eventually(
    () =>
      fetch(`http://${address}/v2/`)
        .then((response) => response.status < 500)
        .catch(() => false),
    30,
  )
    // oxlint-disable-next-line promise/catch-or-return
    .catch(async () => {
      await stop();
      throw new Error(`docker-registry did not come up (apt-get install docker-registry):\n${said}`);
    });
  return { address, port, storage, stop };
}

/** Pure. JSON is YAML as well. */
function registryConfig(port: number, storage: string, passwords: string | undefined): object {
  return {
    version: 0.1,
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: storage },
      delete: { enabled: true },
      maintenance: { uploadpurging: { enabled: false } },
    },
    http: { addr: `127.0.0.1:${port}` },
    ...(passwords === undefined ? {} : { auth: { htpasswd: { realm: 'test', path: passwords } } }),
  };
}

/** The only hash the registry takes. Node has none of it; Perl is on every Debian, and asks the C library. */
function bcrypt(password: string): string {
  const script = 'chomp($p = <STDIN>); print crypt($p, q($2y$05$abcdefghijklmnopqrstuu))';
  return execFileSync('perl', ['-e', script], { input: `${password}\n`, encoding: 'utf8' });
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer()
      .once('error', reject)
      .listen(0, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
      });
  });
}
