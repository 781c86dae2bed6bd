import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lineTail } from '../../tools/logs/line-tail.js';
import { serverName } from '../../supervisor/protocol.js';
import type { LogLine, LogOptions } from '../target.js';

const pollMilliseconds = 200;

/** The lines of the services' logs, in order of time; goes on with new ones when asked to follow. */
export async function* serviceLogs(logsDirectory: string, options: LogOptions): AsyncIterable<LogLine> {
  const { service, tail, follow, signal } = options;
  const tails = new Map<string, ReturnType<typeof lineTail>>();
  let first = true;
  for (;;) {
    for (const file of await logFiles(logsDirectory, service)) {
      if (!tails.has(file)) tails.set(file, lineTail(file));
    }
    const lines = (await Promise.all([...tails.values()].map(async (log) => await log.next())))
      .map((added) => (first ? added.slice(added.length - Math.min(tail, added.length)) : added))
      .flatMap((added) => added.flatMap(parseLogLine))
      .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    yield* lines;
    first = false;
    if (!follow || signal.aborted) return;
    await delay(pollMilliseconds, undefined, { signal }).catch(() => undefined);
  }
}

/** Whose logs can be asked for: every service that has run here, and the data they use. */
export async function serviceNames(logsDirectory: string): Promise<readonly string[]> {
  const names = await foldersIn(logsDirectory);
  return names.filter((name) => name !== 'tasks').toSorted();
}

/** Tasks whose output is kept, newest first. */
export async function taskNames(logsDirectory: string): Promise<readonly string[]> {
  const directory = join(logsDirectory, 'tasks');
  const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith('.log'));
  const dated = names.map(async (name) => {
    const { mtimeMs } = await stat(join(directory, name)).catch(() => ({ mtimeMs: 0 }));
    return { name: name.slice(0, -'.log'.length), mtimeMs };
  });
  return (await Promise.all(dated)).toSorted((a, b) => b.mtimeMs - a.mtimeMs).map(({ name }) => name);
}

/** What one task has printed so far. */
export async function taskLog(logsDirectory: string, task: string): Promise<readonly string[]> {
  return await lineTail(join(logsDirectory, 'tasks', `${task}.log`)).next();
}

/** The newest lines of one release, over all its services. */
export async function releaseLog(logsDirectory: string, release: string, lines: number): Promise<readonly string[]> {
  const newest: string[] = [];
  const signal = new AbortController().signal;
  for await (const line of serviceLogs(logsDirectory, { tail: Number.MAX_SAFE_INTEGER, follow: false, signal })) {
    if (line.release === release) newest.push(`${line.replica} ${line.text}`);
    if (newest.length > lines) newest.shift();
  }
  return newest;
}

async function logFiles(directory: string, service: string | undefined): Promise<readonly string[]> {
  const services = service === undefined ? await servicesIn(directory) : [service];
  const files = await Promise.all(
    services.map(async (name) => {
      const names = await readdir(join(directory, name)).catch(() => []);
      return names.filter((file) => file.endsWith('.log')).map((file) => join(directory, name, file));
    }),
  );
  return files.flat();
}

/** Folders of services: everything beside the logs of tasks and of the database. */
async function servicesIn(directory: string): Promise<readonly string[]> {
  return (await foldersIn(directory)).filter((name) => !notServices.has(name));
}

async function foldersIn(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

const notServices: ReadonlySet<string> = new Set(['tasks', 'postgres', 'redis', ...serverName.options]);

/** Pure: `2026-11-20T10:00:00.000Z r3 api.1 out text` as fields; nothing for a line of another form. */
function parseLogLine(line: string): readonly LogLine[] {
  const match = /^(\S+) (\S+) (\S+) (out|err) ?(.*)$/s.exec(line);
  if (match === null) return [];
  const [, at = '', release = '', replica = '', stream, text = ''] = match;
  return [{ at, release, replica, stream: stream === 'err' ? 'err' : 'out', text }];
}
