import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dockerOutput, type DockerClient, tryDocker } from './docker-command.js';

/** A daemon that answers, and how to leave it as it was found. */
export type DockerDaemon =
  | { readonly kind: 'ready'; readonly client: DockerClient; readonly stop: () => Promise<void> }
  | { readonly kind: 'missing'; readonly reason: string };

const fix = 'install Docker, or Debian’s docker.io, and start its daemon; as root the tier starts `dockerd` itself';
/** A cold daemon on two busy cores. */
const startSeconds = 60;

/** The daemon of this machine; Debian's `dockerd` is started for the tier when none answers and we are root. */
export async function findDaemon(): Promise<DockerDaemon> {
  const clients = programs('docker');
  if (clients.length === 0) return { kind: 'missing', reason: `there is no docker on the PATH: ${fix}` };
  const answering = await firstAnswering(clients);
  if (answering !== undefined) return { kind: 'ready', client: answering, stop: () => Promise.resolve() };
  const [dockerd] = programs('dockerd');
  if (dockerd === undefined || process.getuid?.() !== 0) {
    return { kind: 'missing', reason: `no Docker daemon answers: ${fix}` };
  }
  return await startDaemon(dockerd, clients);
}

async function startDaemon(dockerd: string, clients: readonly string[]): Promise<DockerDaemon> {
  const directory = await mkdtemp(join(tmpdir(), 'agentctl-dockerd-'));
  const log = join(directory, 'log');
  const output = openSync(log, 'a');
  const child = spawn(dockerd, [], { stdio: ['ignore', output, output], detached: true });
  closeSync(output);
  child.on('error', () => undefined);
  const deadline = performance.now() + startSeconds * 1000;
  while (child.exitCode === null && performance.now() < deadline) {
    const client = await firstAnswering(clients);
    if (client !== undefined) return { kind: 'ready', client, stop: () => stopDaemon(child, directory) };
    await sleep(200);
  }
  const said = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-10).join('\n');
  await stopDaemon(child, directory);
  return { kind: 'missing', reason: `dockerd did not come up:\n${said}` };
}

/** With SIGTERM it stops its containers and the containerd it started. */
async function stopDaemon(child: ChildProcess, directory: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await exited;
  }
  await rm(directory, { recursive: true, force: true });
}

async function firstAnswering(clients: readonly string[]): Promise<DockerClient | undefined> {
  for (const program of clients) {
    const { exitCode } = await tryDocker(program, ['version']);
    if (exitCode !== 0) continue;
    const version = (of: 'Client' | 'Server'): Promise<string> =>
      dockerOutput(program, ['version', '--format', `{{.${of}.Version}}`]);
    return { program, clientVersion: await version('Client'), serverVersion: await version('Server') };
  }
  return undefined;
}

/** Every program of this name, in the order of the PATH; `/usr/sbin` is not on everybody's. */
function programs(name: string): readonly string[] {
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return [...new Set(directories.map((directory) => join(directory, name)))].filter((path) => existsSync(path));
}
