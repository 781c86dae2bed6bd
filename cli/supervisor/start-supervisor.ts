import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { messageOf } from '../errors.js';
import { removeDrafts } from '../remove-drafts.js';
import { writeStateSync } from '../state-file.js';
import { version } from '../version.js';
import { createPortAllocator, identityOf, passedEnvironment, takeExclusiveLock } from '../tools/process/index.js';
import { ContainerHost } from './containers/container-host.js';
import { startControlServer } from './control-server.js';
import { type ProcessRecord, openDesiredStore } from './desired-state.js';
import { keepGuard } from './guard-keeper.js';
import { endLeftover, isInTheWay, leftoversOf } from './leftovers.js';
import { createLogBook } from './logs/log-book.js';
import { protocolVersion } from './protocol.js';
import { lookMilliseconds } from './reviver.js';
import { readSecretStore, secretValues } from './secret-store.js';
import { ensureSocketDirectory, socketPath } from './socket-path.js';
import { type StateLayout, stateLayout } from './state-layout.js';
import type { SupervisorContext } from './supervisor-context.js';
import { type SupervisorFile, readSupervisorFile, removeOwnSupervisorFile } from './supervisor-file.js';
import { Supervisor } from './supervisor.js';

/** A supervisor with nothing to keep ends itself. */
const defaultIdleSeconds = 60;
/** Five less than the CLI waits for an answer. */
const defaultResumeSeconds = 10;

/** How a supervisor is started. */
export interface SupervisorOptions {
  readonly stateDirectory: string;
  /**
   * `revived`: by the guard, because an earlier one died; nothing is started where that is no longer wanted.
   *
   * @default asked
   */
  readonly start?: 'asked' | 'revived';
  /** Whether it has a guard, which starts it again when it dies. @default false */
  readonly isGuarded?: boolean;
  /** Fires when it is to stop, also while it still brings things back. @default - only shutdown stops it */
  readonly stop?: AbortSignal;
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
  | { readonly kind: 'held'; readonly byPid: number }
  /** It was to be revived, and meanwhile the stage was stopped or removed. */
  | { readonly kind: 'unwanted' };

/**
 * Starts the supervisor of a state directory in this process: ends what an earlier life left behind, brings back what
 * ran, and then answers.
 *
 * @throws AgentctlError StateUnreadable, EnvironmentNotReady, Refused: the socket directory is not ours
 */
export async function startSupervisor(options: SupervisorOptions): Promise<SupervisorStart> {
  const layout = stateLayout(options.stateDirectory);
  const isRevived = options.start === 'revived';
  const isUnwanted = (): boolean => isRevived && !existsSync(layout.supervisorFile);
  if (isUnwanted()) return { kind: 'unwanted' };
  for (const directory of isRevived ? [] : [layout.directory, layout.logsDirectory]) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    chmodSync(directory, 0o700);
  }
  const lock = takeExclusiveLock(layout.directory, 'supervisor');
  if (lock.kind === 'held') return { kind: 'held', byPid: lock.by.pid };
  // Asked once more: from here on, whoever stops the stage waits for us.
  if (isUnwanted()) return { kind: 'unwanted' };

  const ownFiles = [layout.supervisorFile, layout.desiredFile].map((file) => basename(file));
  removeDrafts(layout.directory, (file) => ownFiles.includes(file));
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
  // That ends the guard at once, and us as soon as nothing is half way into being brought back.
  options.stop?.addEventListener('abort', () => removeOwnSupervisorFile(layout));
  if (options.stop?.aborted === true) removeOwnSupervisorFile(layout);
  const guard = options.isGuarded === true ? keepGuard(layout, context.note) : undefined;
  const remains = endRemains(context);
  const supervisor = new Supervisor(context, { version, pid: process.pid });
  supervisor.tasks.markLost();
  await supervisor.resume(options.resumeSeconds ?? defaultResumeSeconds, remains.cleared);
  return {
    kind: 'running',
    supervisor: await answer(supervisor, context, {
      path,
      idleSeconds: options.idleSeconds ?? defaultIdleSeconds,
      alsoEnd: async () => await Promise.all([guard?.stop(), remains.ended]),
    }),
  };
}

/** What becomes of processes of an earlier life. */
interface Remains {
  /** Resolves when everything is gone that is in the way of a new start. */
  readonly cleared: Promise<unknown>;
  /** Resolves when all of it is gone. */
  readonly ended: Promise<unknown>;
}

/** Ends what an earlier life has left running. Each process stays on record until it is gone. */
function endRemains({ store, note }: SupervisorContext): Remains {
  const left = leftoversOf(store.current.processes);
  store.update({ processes: [...left] });
  const end = async (record: ProcessRecord): Promise<void> => {
    try {
      await endLeftover(record);
      note(`ended ${record.label} (pid ${record.pid}), left behind by an earlier supervisor`);
      store.update({ processes: store.current.processes.filter((other) => !isDeepStrictEqual(other, record)) });
    } catch (error) {
      note(`cannot end ${record.label} (pid ${record.pid}): ${messageOf(error)}`);
    }
  };
  const cleared = Promise.all(left.filter((record) => isInTheWay(record)).map(end));
  const ended = Promise.all([cleared, ...left.filter((record) => !isInTheWay(record)).map(end)]);
  return { cleared, ended };
}

interface AnswerOptions {
  /** Of the socket. */
  readonly path: string;
  readonly idleSeconds: number;
  /** Resolves when everything is gone that the supervisor itself does not keep. */
  readonly alsoEnd: () => Promise<unknown>;
}

/** Opens the socket, and closes it when the supervisor has stopped. */
async function answer(
  supervisor: Supervisor,
  context: SupervisorContext,
  { path, idleSeconds, alsoEnd }: AnswerOptions,
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
    await alsoEnd();
    clearInterval(ticking);
    await server.close();
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
    const isIdleForLong = performance.now() - busyAt >= idleSeconds * 1000;
    if (supervisor.isStopping || isIdleForLong || !isWanted(context.layout)) void end();
    // Runtime directories are emptied when their user logs out, and /tmp by age.
    else if (!isReopening && !existsSync(path)) {
      reopen()
        .catch((error: unknown) => context.note(`cannot open the socket again: ${messageOf(error)}`))
        .finally(() => (isReopening = false));
    }
  }, lookMilliseconds);
  return { socketPath: path, shutdown: end, ended };
}

/**
 * Without supervisor.json none is wanted: somebody has removed it, most likely with the whole state directory, in which
 * another supervisor may have begun anew. A file that cannot be read, as when no descriptors are left, says nothing.
 */
function isWanted(layout: StateLayout): boolean {
  const keeper = readSupervisorFile(layout)?.pid ?? process.pid;
  return existsSync(layout.supervisorFile) && keeper === process.pid;
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
  const note = (text: string): void => options.write(`${now().toISOString()} ${logs.redact(text)}`);
  const containers = new ContainerHost({
    layout,
    environment: options.environment,
    note,
    hasLeftovers: store.current.usesContainers,
    onUse: () => store.update({ usesContainers: true }),
  });
  return {
    layout,
    store,
    logs,
    ports,
    containers,
    passedEnvironment: passedEnvironment(options.environment),
    now,
    note,
  };
}

function writeSupervisorFile(layout: StateLayout, content: SupervisorFile): void {
  writeStateSync(layout.supervisorFile, `${JSON.stringify(content, null, 2)}\n`);
}
