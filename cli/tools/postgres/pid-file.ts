import { readFileSync, readlinkSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AgentctlError } from '../../errors.js';
import { identityOf } from '../process/index.js';

/** No system has a process with this number: Linux ends at 2^22, macOS at 99998. */
const pidOfNobody = 2 ** 30;

/**
 * Deals with a postmaster.pid that names a process which has nothing to do with this data, as is usual after a reboot:
 * PostgreSQL would refuse to start. The file stays, with a pid of nobody: PostgreSQL still checks the shared memory it
 * names, and so notices sessions of a killed server that are still ending.
 *
 * @throws AgentctlError EnvironmentNotReady: a server runs on this data
 */
export function disarmStalePidFile(dataDirectory: string): void {
  const file = join(dataDirectory, 'postmaster.pid');
  const lines = readLines(file);
  const pid = Number.parseInt(lines[0] ?? '', 10);
  if (!Number.isInteger(pid) || pid <= 0 || identityOf(pid) === undefined) return;
  const workingDirectory = workingDirectoryOf(pid);
  // Not visible (other systems): PostgreSQL's own check decides.
  if (workingDirectory === undefined) return;
  if (workingDirectory === realpathSync(dataDirectory)) {
    throw new AgentctlError('EnvironmentNotReady', `another PostgreSQL server (pid ${pid}) runs on ${dataDirectory}`, {
      fix: `Stop it with \`kill -INT ${pid}\` and try again.`,
    });
  }
  writeFileSync(file, [pidOfNobody, ...lines.slice(1)].join('\n'));
}

function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}

/** A server works inside its data directory. */
function workingDirectoryOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}
