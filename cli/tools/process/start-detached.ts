import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { AgentctlError, messageOf } from '../../errors.js';
import { spawnDetached } from './spawn.js';

/** A child that outlives us. */
export interface DetachedOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Its output is appended here (made 0600). */
  readonly logFile: string;
}

/** A detached child, while we are still there to see how it ends. */
export interface DetachedProcess {
  readonly pid: number;
  /** Null while it runs, and when a signal ended it. */
  exitCode(): number | null;
  hasEnded(): boolean;
}

/**
 * Starts a child that keeps running after we exit, in a session of its own.
 *
 * @throws AgentctlError EnvironmentNotReady: the operating system refuses
 */
export async function startDetached(options: DetachedOptions): Promise<DetachedProcess> {
  const log = openSync(options.logFile, 'a', 0o600);
  try {
    const child = spawnDetached({ ...options, stdio: { outputDescriptor: log } });
    if (child.pid === undefined) {
      const [cause] = await once(child, 'error');
      throw new AgentctlError('EnvironmentNotReady', `cannot start ${options.command}: ${messageOf(cause)}`, {
        fix: 'Correct what the operating system reports and try again.',
        cause,
      });
    }
    child.on('error', () => undefined);
    child.unref();
    return {
      pid: child.pid,
      exitCode: () => child.exitCode,
      hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    };
  } finally {
    closeSync(log);
  }
}
