import { constants, accessSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { AgentctlError } from '../../errors.js';
import { passedEnvironment, runToEnd } from '../process/index.js';

/** A server program on this machine that speaks the Redis protocol. */
export interface RedisBinary {
  readonly path: string;
  /** `7.0.15` */
  readonly version: string;
}

const names = ['redis-server', 'valkey-server'];

/**
 * Finds Redis or Valkey on PATH.
 *
 * @throws AgentctlError ToolMissing: neither is there
 */
export async function findRedisBinary(searchPath: string | undefined): Promise<RedisBinary> {
  const path = redisProgram(searchPath);
  if (path === undefined) {
    throw new AgentctlError('ToolMissing', `neither ${names.join(' nor ')} is on PATH`, {
      fix: 'Install Redis (`apt-get install redis-server`, `brew install redis`), or use one that runs elsewhere: `{ external: … }`.',
    });
  }
  const result = await runToEnd({
    command: path,
    args: ['--version'],
    workingDirectory: '/',
    environment: passedEnvironment(process.env),
    timeoutSeconds: 10,
  });
  return { path, version: /v=(\S+)/.exec(result.output)?.[1] ?? 'unknown' };
}

/** Where Redis or Valkey is on PATH, without running it. */
export function redisProgram(searchPath: string | undefined): string | undefined {
  const directories = (searchPath ?? '').split(delimiter).filter((directory) => isAbsolute(directory));
  return names.flatMap((name) => directories.map((directory) => join(directory, name))).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
