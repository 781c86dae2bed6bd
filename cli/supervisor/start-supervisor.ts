import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import writeFileAtomic from 'write-file-atomic';

import { removeAbandonedDrafts } from '../abandoned-drafts.js';
import { messageOf } from '../errors.js';
import { version } from '../version.js';
import { createPortAllocator, identityOf, passedEnvironment, takeExclusiveLock } from '../tools/process/index.js';
import { startControlServer } from './control-server.js';
import { openDesiredStore } from './desired-state.js';
import { endLeftovers } from './leftovers.js';
import { createLogBook } from './logs/log-book.js';
import { protocolVersion } from './protocol.js';
import { readSecretStore, secretValues } from './secret-store.js';
import { ensureSocketDirectory, socketPath } from './socket-path.js';
import { type StateLayout, stateLayout } from './state-layout.js';
import type { SupervisorContext } from './supervisor-context.js';
import type { SupervisorFile } from './supervisor-file.js';
import { Supervisor } from './supervisor.js';

/** A supervisor with nothing to keep ends itself. */
const defaultIdleSeconds = 60;
/** Five less than the CLI waits for an answer. */
const defaultResumeSeconds = 10;
const tickMilliseconds = 1000;
/** Replacing a file takes milliseconds. */
const abandonedDraftSeconds = 60;

/** How a supervisor is started. */
export interface SupervisorOptions {
  readonly stateDirectory: string;
  /** Its own environment; children see the part that `passedEnvironment` lets through. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Takes the lines of supervisor.log. */
  readonly write: (line: string) => void;
  /** @default - the time of the machine */
  readonly now?: () => Date;
  /** How long it stays with nothing to keep. @default 60 */
  readonly idleSeconds?: number;
  /** After this it answers with what is there; the rest is brought back in the background. @default 10 */
  readonly resumeSeconds?: number;
}

/** A supervisor that answers. */
export interface RunningSupervisor {
  readonly socketPath: string;
  /** Stops everything it keeps, and then itself. */
  readonly shutdown: () => Promise<void>;
  /** Resolves when it has ended and its socket is gone. */
  readonly ended: Promise<unknown>;
}

/** What came of starting one. */
export type SupervisorStart =
  | { readonly kind: 'running'; readonly supervisor: RunningSupervisor }
  /** Another process keeps this state directory. */
  | { readonly kind: 'held'; readonly byPid: number };

/**
 * Starts the supervisor of a state directory in this process: ends what an earlier life left behind, brings back what
 * ran, and then answers.
 *
 * @throws AgentctlError StateUnreadable, EnvironmentNotReady, Refused: the socket directory is not ours
 */
export async function startSupervisor(options: SupervisorOptions): Promise<SupervisorStart> {
  const layout = stateLayout(options.stateDirectory);
  for (const directory of [layout.directory, layout.logsDirectory]) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    chmodSync(directory, 0o700);
  }
  const lock = takeExclusiveLock(layout.directory, 'supervisor');
  if (lock.kind === 'held') return { kind: 'held', byPid: lock.by.pid };

  await removeAbandonedDrafts(layout.directory, abandonedDraftSeconds);
  const context = createContext(layout, options);
  const path = socketPath(layout.directory, options.environment);
  ensureSocketDirectory(path);
  writeSupervisorFile(layout, {
    protocolVersion,
    version,
    ...(identityOf(process.pid) ?? { pid: process.pid, startTime: 'unknown' }),
    socketPath: path,
    startedAt: context.now().toISOString(),
  });
  const left = await endLeftovers(context.store.current.processes);
  for (const { label, pid } of left) context.note(`ended ${label} (pid ${pid}), left behind by an earlier supervisor`);
  context.store.update({ processes: [] });

  const supervisor = new Supervisor(context, { version, pid: process.pid });
  supervisor.tasks.markLost();
  await supervisor.resume(options.resumeSeconds ?? defaultResumeSeconds);
  return {
    kind: 'running',
    supervisor: await answer(supervisor, context, path, options.idleSeconds ?? defaultIdleSeconds),
  };
}

/** Opens the socket, and closes it when the supervisor has stopped. */
async function answer(
  supervisor: Supervisor,
  context: SupervisorContext,
  path: string,
  idleSeconds: number,
): Promise<RunningSupervisor> {
  rmSync(path, { force: true });
  let server = await startControlServer(supervisor, context, path, () => void end());
  context.note(`answers on ${path}`);
  let busyAt = performance.now();
  const finished = new AbortController();
  const ended = once(finished.signal, 'abort');
  let ending: Promise<void> | undefined;
  const end = (): Promise<void> => (ending ??= finish());
  const finish = async (): Promise<void> => {
    await supervisor.shutdown();
    clearInterval(ticking);
    await server.close();
    rmSync(context.layout.supervisorFile, { force: true });
    finished.abort();
  };
  let isReopening = false;
  const reopen = async (): Promise<void> => {
    isReopening = true;
    await server.close();
    ensureSocketDirectory(path);
    server = await startControlServer(supervisor, context, path, () => void end());
  };
  const ticking = setInterval(() => {
    if (!supervisor.isIdle) busyAt = performance.now();
    if (performance.now() - busyAt >= idleSeconds * 1000) void end();
    // Runtime directories are emptied when their user logs out, and /tmp by age.
    else if (!supervisor.isStopping && !isReopening && !existsSync(path)) {
      reopen()
        .catch((error: unknown) => context.note(`cannot open the socket again: ${messageOf(error)}`))
        .finally(() => (isReopening = false));
    }
  }, tickMilliseconds);
  return { socketPath: path, shutdown: end, ended };
}

function createContext(layout: StateLayout, options: SupervisorOptions): SupervisorContext {
  const now = options.now ?? (() => new Date());
  const logs = createLogBook(layout.logsDirectory, { now });
  logs.mask(secretValues(readSecretStore(layout.directory)));
  const ports = createPortAllocator();
  const store = openDesiredStore(layout);
  const { gateway, postgres, redis } = store.current;
  for (const port of [gateway.port, postgres?.port, redis?.port, ...Object.values(gateway.services)]) {
    if (typeof port === 'number') ports.hold(port);
  }
  return {
    layout,
    store,
    logs,
    ports,
    passedEnvironment: passedEnvironment(options.environment),
    now,
    note: (text) => options.write(`${now().toISOString()} ${logs.redact(text)}`),
  };
}

function writeSupervisorFile(layout: StateLayout, content: SupervisorFile): void {
  writeFileAtomic.sync(layout.supervisorFile, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
}
