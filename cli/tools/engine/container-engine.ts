import { basename } from 'node:path';
import * as z from 'zod';
import { AgentctlError, isAgentctlError } from '../../errors.js';
import { run } from '../run.js';
import { engineEnvironment } from './engine-environment.js';
import { engineFailure } from './engine-failure.js';

/** What runs containers on this machine, reached through its command line. */
export interface ContainerEngine {
  /** Name or path of the command line. */
  readonly program: string;
  readonly kind: 'docker' | 'podman';
  readonly clientVersion: string;
  readonly serverVersion: string;
  /** What it runs best: `linux/amd64`. */
  readonly platform: string;
}

export interface FindEngineOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** @default - not to be interrupted */
  readonly signal?: AbortSignal;
}

/** Names the command line to use, such as `podman` or a path. @default - docker, else podman */
const chosenEngine = 'AGENTCTL_CONTAINER_ENGINE';

/** API 1.41: `docker create --platform`, `host-gateway`, BuildKit in the daemon. */
const oldestDocker = { major: 20, minor: 10 };

/**
 * Finds the engine and asks it who it is.
 *
 * @throws AgentctlError ToolMissing: none is installed; EnvironmentNotReady: it does not answer, is not permitted, or is
 *   too old
 */
export async function findEngine({ environment, signal }: FindEngineOptions): Promise<ContainerEngine> {
  const chosen = environment[chosenEngine];
  const candidates = chosen === undefined || chosen === '' ? ['docker', 'podman'] : [chosen];
  for (const program of candidates) {
    const about = await versionOf(program, environment, signal ?? new AbortController().signal);
    if (about !== undefined) return assertRecent(parseVersion(program, about));
  }
  throw new AgentctlError('ToolMissing', `found neither of: ${candidates.join(', ')}`, {
    fix: 'install Docker (20.10 or later) or Podman and start it, or set clouds.local.runtime: process',
  });
}

/** Undefined: not installed. */
async function versionOf(
  program: string,
  environment: FindEngineOptions['environment'],
  signal: AbortSignal,
): Promise<string | undefined> {
  const argv = [program, 'version', '--format', '{{json .}}'] as const;
  try {
    return await run({ argv, env: engineEnvironment(environment) }, { signal });
  } catch (error) {
    if (isAgentctlError(error) && error.code === 'ToolMissing') return undefined;
    throw engineFailure(basename(program), error);
  }
}

const versionPart = z.object({
  Version: z.string().optional(),
  Os: z.string().optional(),
  Arch: z.string().optional(),
  OsArch: z.string().optional(),
  Components: z.array(z.object({ Name: z.string() })).nullish(),
});
const printedVersion = z.object({ Client: versionPart.optional(), Server: versionPart.nullish() });

/** Pure: what `docker version` or `podman version` print as JSON. */
export function parseVersion(program: string, printed: string): ContainerEngine {
  const { Client: client, Server: server } = printedVersion.parse(JSON.parse(printed));
  // Podman on Linux has no server of its own: the client is the engine.
  const engine = server ?? client ?? {};
  const [os = 'linux', arch = 'amd64'] =
    engine.OsArch === undefined ? [engine.Os, engine.Arch] : engine.OsArch.split('/');
  const isPodman =
    /podman/i.test(basename(program)) ||
    (engine.Components ?? []).some(({ Name }) => /podman/i.test(Name)) ||
    client?.OsArch !== undefined;
  return {
    program,
    kind: isPodman ? 'podman' : 'docker',
    clientVersion: client?.Version ?? 'unknown',
    serverVersion: engine.Version ?? 'unknown',
    platform: `${os}/${arch}`,
  };
}

function assertRecent(engine: ContainerEngine): ContainerEngine {
  const [major = 0, minor = 0] = engine.serverVersion.split('.').map((part) => Number.parseInt(part, 10));
  const isRecent = major > oldestDocker.major || (major === oldestDocker.major && minor >= oldestDocker.minor);
  if (engine.kind === 'podman' || isRecent) return engine;
  throw new AgentctlError('EnvironmentNotReady', `Docker ${engine.serverVersion} is too old`, {
    fix: `install Docker ${oldestDocker.major}.${oldestDocker.minor} or later`,
  });
}
