import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { type OutputSinks, type RunningProcess, passedEnvironment, startProcess } from '../process/index.js';
import type { RedisBinary } from './binary.js';

/** One Redis server. */
export interface RedisOptions {
  readonly binary: RedisBinary;
  /** Holds its data and its config file. */
  readonly directory: string;
  readonly port: number;
  readonly password: string;
}

/** Starts Redis on a loopback port with an append-only file. The password is in a 0600 config file, never in argv. */
export async function startRedis(options: RedisOptions & OutputSinks): Promise<RunningProcess> {
  mkdirSync(options.directory, { recursive: true, mode: 0o700 });
  const configFile = join(options.directory, 'redis.conf');
  writeFileAtomic.sync(configFile, redisConfig(options), { mode: 0o600 });
  return await startProcess({
    command: options.binary.path,
    args: [configFile],
    workingDirectory: options.directory,
    environment: passedEnvironment(process.env),
    onOutput: options.onOutput,
  });
}

/** The config file of a server. */
export function redisConfig(options: Pick<RedisOptions, 'directory' | 'port' | 'password'>): string {
  return [
    'bind 127.0.0.1',
    `port ${options.port}`,
    'protected-mode yes',
    'daemonize no',
    `requirepass ${JSON.stringify(options.password)}`,
    `dir ${JSON.stringify(options.directory)}`,
    'appendonly yes',
    '',
  ].join('\n');
}
