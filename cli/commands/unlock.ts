import { hostname } from 'node:os';
import { chooseStage } from '../chosen-stage.js';
import type { CommandContext, CommonOptions } from '../command-context.js';
import { confirmPlan } from '../confirm.js';
import { replay } from '../engine/events.js';
import { readJournal } from '../engine/journal.js';
import type { FoundLock } from '../engine/lock-file.js';
import { ageText, heartbeatText, type HeldLock, holderText, shownHolder } from '../engine/lock-text.js';
import { findStageLock, type LockPlace, removeStageLock } from '../engine/stage-lock.js';
import { AgentctlError, hasSystemCode, messageOf } from '../errors.js';
import type { CommandResult, Io } from '../io/io.js';
import { isHolderAlive, journalFile, lockFile, lockPlaceOf } from '../run-plan.js';
import { openStage } from '../stage.js';

export interface UnlockOptions extends CommonOptions {
  readonly yes?: boolean;
  /** Also take it away from a process that is alive. */
  readonly force?: boolean;
}

/** What is known of the process that took a lock. */
type HolderState = 'alive' | 'gone' | 'elsewhere';

const stateTexts: Readonly<Record<HolderState, string>> = {
  alive: 'runs on this machine',
  gone: 'does not run on this machine any more',
  elsewhere: 'is of another machine, and cannot be looked at from here',
};

/** Takes a lock away that its holder will not release. Needs no lock that can be read, and locally no config file. */
export async function unlock(options: UnlockOptions, context: CommandContext): Promise<CommandResult> {
  const { io } = context;
  const { stateDirectory, stage, kind, flags } = chooseStage(options, context.workingDirectory);
  // Of this machine's own lock everything is known without a config file and without anything that was recorded.
  const place: LockPlace =
    kind === 'local'
      ? { kind: 'file', file: lockFile(stateDirectory) }
      : lockPlaceOf((await openStage(options, context)).target);
  const found = await findStageLock(place);
  if (found.kind === 'none') {
    const text = `nothing to unlock: no run holds the lock of stage ${stage} on ${kind}`;
    return { exitCode: 0, text, data: { changed: false, lock: null } };
  }
  const serving = await servingNow(options, context);
  const lock =
    found.kind === 'held' ? await describeHolder(found, stateDirectory, flags, io) : describeUnreadable(found, io);
  io.note(`  serving    ${serving ?? 'nothing that answers'}`);
  if (found.kind === 'held' && lock.state === 'alive' && options.force !== true) throw stillAlive(found);
  await confirmPlan('Remove the lock?', options, io);
  await remove(place, found);
  return {
    exitCode: 0,
    text: `unlocked stage ${stage} on ${kind}`,
    data: { changed: true, lock: lock.data, serving },
  };
}

interface Described {
  readonly state: HolderState | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

async function describeHolder(lock: HeldLock, stateDirectory: string, flags: string, io: Io): Promise<Described> {
  const { holder, heartbeatAt } = lock;
  const { runId, command, since } = holder;
  const now = Date.now();
  const state = holder.host !== hostname() ? 'elsewhere' : isHolderAlive(holder) ? 'alive' : 'gone';
  const { text, steps } = await whereItIs(journalFile(stateDirectory, runId));
  const effect =
    state === 'gone'
      ? 'frees the stage; that run has ended, and the next one would take its lock over by itself'
      : 'stops that run before its next step, if it still goes on';
  const goesOn = steps === null ? '' : `; go on with it: agentctl resume ${runId} ${flags}`;
  io.note(
    [
      `locked by ${holderText(holder)} for ${ageText(now - Date.parse(since))}: ${command}`,
      `  process    ${stateTexts[state]}; ${heartbeatText(lock, now)}`,
      `  run        ${runId}, ${text}`,
      `  unlocking  ${effect}${goesOn}`,
    ].join('\n'),
  );
  const data = { ...shownHolder(holder), heartbeatAt: new Date(heartbeatAt).toISOString(), process: state, steps };
  return { state, data };
}

function describeUnreadable({ problem }: Extract<FoundLock, { readonly kind: 'unreadable' }>, io: Io): Described {
  io.note(
    [
      problem.message,
      '  run        unknown; make sure that no other agentctl works on this stage',
      '  unlocking  stops that run before its next step, if there is one',
    ].join('\n'),
  );
  return { state: undefined, data: { unreadable: problem.message } };
}

/** What a run was doing; `steps`: titles, null when it has begun none that could be gone on with. */
async function whereItIs(
  journal: string,
): Promise<{ readonly text: string; readonly steps: readonly string[] | null }> {
  try {
    const { header, events } = await readJournal(journal);
    const { unsettled } = replay(events);
    const planned = [...header.plan.steps, ...(header.plan.recovery?.steps ?? [])];
    const steps = planned.filter(({ id }) => unsettled.has(id)).map(({ title }) => title);
    return { text: steps.length === 0 ? 'between two steps' : `in: ${steps.join(', ')}`, steps };
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return { text: 'which has not begun any step', steps: null };
    return { text: messageOf(error), steps: null };
  }
}

/** Null: nothing serves, or what serves does not answer. Whoever unlocks has trouble enough: this is no reason to stop. */
async function servingNow(options: UnlockOptions, context: CommandContext): Promise<string | null> {
  try {
    const { release } = await (await openStage(options, context)).target.status();
    return release;
  } catch {
    return null;
  }
}

function stillAlive({ holder }: HeldLock): AgentctlError {
  const { pid, command, runId } = holder;
  return new AgentctlError('Locked', `${holderText(holder)} is alive: ${command} (run ${runId}); nothing was removed`, {
    fix: `wait for it, or interrupt it: kill -INT ${pid}; --force takes the lock away from it`,
  });
}

/** @throws Locked when it is another lock by now, Refused when what lies there holds files */
async function remove(place: LockPlace, found: Exclude<FoundLock, { readonly kind: 'none' }>): Promise<void> {
  const removed = await removeStageLock(place, found.identity).catch((error: unknown) => {
    if (place.kind !== 'file' || !hasSystemCode(error, 'ENOTEMPTY')) throw error;
    const { file } = place;
    throw new AgentctlError('Refused', `${file} is a directory with files in it, and no lock`, {
      fix: `look at what is in it, and move ${file} away`,
    });
  });
  if (removed) return;
  throw new AgentctlError('Locked', 'the lock has changed hands meanwhile; nothing was removed', {
    fix: 'look again: agentctl unlock',
  });
}
