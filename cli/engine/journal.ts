import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import { AgentctlError, hasSystemCode, messageOf } from '../errors.js';
import { planSchema } from '../plan/plan.js';
import { decodeState, type StateFormat, stateUnusable } from '../state-file.js';
import { type RunEvent, runEvent } from './events.js';

/** Bumped when an older agentctl could misread a journal written by a newer one. */
export const journalVersion = 1;

const journalHeader = z.strictObject({
  journalVersion: z.literal(journalVersion),
  runId: z.string(),
  /** The command line that began the run; there are no secrets in argv. */
  command: z.string(),
  startedAt: z.iso.datetime(),
  plan: planSchema,
});
/** First line of a journal: what is being run, so that a resume needs nothing else. */
export type JournalHeader = z.output<typeof journalHeader>;

/** Appends events, one JSON line each. */
export interface JournalWriter {
  /** Resolves when the line is on the disk. Log lines are written in order but not waited for. */
  append(event: RunEvent): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a new journal; the header is durable when this resolves.
 *
 * @throws EnvironmentNotReady when it cannot be written
 */
export async function createJournal(file: string, header: JournalHeader): Promise<JournalWriter> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.appendFile(`${JSON.stringify(header)}\n`);
    await handle.sync();
    await syncDirectory(dirname(file));
  } catch (error) {
    await handle.close();
    throw unwritable(file, error);
  }
  return journalWriter(file, handle);
}

/** Goes on writing a journal that an interrupted run left; a torn last line is cut off first. */
export async function reopenJournal(file: string): Promise<JournalWriter> {
  const whole = wholeLines(await readFile(file)).length;
  const handle = await open(file, 'r+');
  await handle.truncate(whole);
  await handle.close();
  return journalWriter(file, await open(file, 'a', 0o600));
}

function journalWriter(file: string, handle: FileHandle): JournalWriter {
  let last: Promise<void> = Promise.resolve();
  return {
    append: (event) => {
      // After one line that could not be written none may follow: it would stand behind half a line.
      last = last.then(async () => {
        try {
          await handle.appendFile(`${JSON.stringify(event)}\n`);
          if (event.type !== 'step.log') await handle.datasync();
        } catch (error) {
          throw unwritable(file, error);
        }
      });
      return last;
    },
    close: async () => {
      await last.catch(() => undefined);
      await handle.close();
    },
  };
}

/**
 * Reads a journal back. A last line without its newline is a write that a crash cut short and is ignored; anything
 * else that cannot be read is refused.
 *
 * @throws StateUnreadable when a line is damaged or the journal is of another version
 */
export async function readJournal(file: string): Promise<{ header: JournalHeader; events: readonly RunEvent[] }> {
  const [first, ...rest] = splitLines(wholeLines(await bytesOf(file)));
  if (first === undefined) {
    throw new AgentctlError('StateUnreadable', `the journal ${file} ends before its run began`, { fix: startOver });
  }
  const header = decodeState(headerFormat, `${file}:1`, first);
  return { header, events: rest.map((line, index) => decodeState(eventFormat, `${file}:${index + 2}`, line)) };
}

const startOver = 'start over with `agentctl deploy`; every step checks what is already in place';

const headerFormat: StateFormat<typeof journalHeader> = {
  name: 'journal',
  schema: journalHeader,
  versionField: 'journalVersion',
  version: journalVersion,
  fix: () => startOver,
};

const eventFormat: StateFormat<typeof runEvent> = { ...headerFormat, schema: runEvent };

const newline = 0x0a;

/** In bytes: text that a crash cut within a character has another length once it is decoded. */
function wholeLines(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.lastIndexOf(newline) + 1);
}

function splitLines(bytes: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(newline, start);
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

async function bytesOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    // Which run it would be is for the command to say.
    if (hasSystemCode(error, 'ENOENT')) throw error;
    throw stateUnusable(headerFormat, file, error);
  }
}

/** Whether a journal holds its first line. */
export async function hasBegun(file: string): Promise<boolean> {
  return (await bytesOf(file)).includes(newline);
}

/** Without this, a power cut could take the name of a file away whose content is on the disk. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function unwritable(file: string, cause: unknown): AgentctlError {
  return new AgentctlError('EnvironmentNotReady', `cannot write the journal ${file}: ${messageOf(cause)}`, {
    fix: 'make room on the disk or correct what the operating system reports, then go on with `agentctl resume`',
    cause,
  });
}
