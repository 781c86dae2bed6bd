import { createHash } from 'node:crypto';
import { basename, join, resolve } from 'node:path';

/** Where things lie in the state directory of one stage, `<project>/.agentctl/local/<stage>/` (0700). */
export interface StateLayout {
  /** Absolute. */
  readonly directory: string;
  /** Name of the stage: the last part of the directory. */
  readonly stage: string;
  /** 16 hex characters that tell this state directory from every other on the machine. */
  readonly key: string;
  /** Who runs: pid, start time, version, socket. */
  readonly supervisorFile: string;
  /** What should run, and which processes do. */
  readonly desiredFile: string;
  /** Secret values, 0600. */
  readonly secretsFile: string;
  readonly postgresDirectory: string;
  /** Volumes in the container engine that hold data. */
  readonly volumesFile: string;
  readonly redisDirectory: string;
  readonly backupsDirectory: string;
  readonly logsDirectory: string;
  readonly taskLogsDirectory: string;
  /** Standard output and error of the supervisor itself. */
  readonly supervisorLogFile: string;
}

/** The layout of one state directory. */
export function stateLayout(stateDirectory: string): StateLayout {
  const directory = resolve(stateDirectory);
  const logsDirectory = join(directory, 'logs');
  return {
    directory,
    stage: basename(directory),
    key: createHash('sha256').update(directory).digest('hex').slice(0, 16),
    supervisorFile: join(directory, 'supervisor.json'),
    desiredFile: join(directory, 'desired.json'),
    secretsFile: join(directory, 'secrets.json'),
    postgresDirectory: join(directory, 'postgres'),
    volumesFile: join(directory, 'volumes.json'),
    redisDirectory: join(directory, 'redis'),
    backupsDirectory: join(directory, 'backups'),
    logsDirectory,
    taskLogsDirectory: join(logsDirectory, 'tasks'),
    supervisorLogFile: join(logsDirectory, 'supervisor.log'),
  };
}
