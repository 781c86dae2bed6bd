import { existsSync, mkdirSync, statSync, truncateSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { engineEnvironment } from '../tools/engine/engine-environment.js';
import { type DetachedProcess, startDetached } from '../tools/process/index.js';
import type { StateLayout } from './state-layout.js';

const largestLogBytes = 10 * 1024 * 1024;

/**
 * Starts one of the processes that stay, `bin/<entry>`, for a state directory. It sees the part of our environment that
 * `engineEnvironment` lets through, and writes to supervisor.log. The state directory is never made here.
 *
 * @throws AgentctlError EnvironmentNotReady: the operating system refuses; Error ENOENT: the state directory is gone
 */
export async function launchDetached(
  layout: StateLayout,
  entry: 'supervisor' | 'guard',
  ...words: readonly string[]
): Promise<DetachedProcess> {
  const isSource = import.meta.url.endsWith('.ts');
  const program = fileURLToPath(new URL(`../../bin/${entry}.${isSource ? 'ts' : 'js'}`, import.meta.url));
  const loader = isSource ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href] : [];
  if (!existsSync(layout.logsDirectory)) mkdirSync(layout.logsDirectory, { mode: 0o700 });
  shortenLog(layout.supervisorLogFile);
  return await startDetached({
    command: process.execPath,
    args: [...loader, program, layout.directory, ...words],
    workingDirectory: layout.directory,
    environment: engineEnvironment(process.env),
    logFile: layout.supervisorLogFile,
  });
}

function shortenLog(file: string): void {
  if (existsSync(file) && statSync(file).size > largestLogBytes) truncateSync(file);
}
