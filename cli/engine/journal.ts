import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import { AgentctlError } from '../errors.js';
import { planSchema } from '../plan/plan.js';
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

/** Starts a new journal; the header is durable when this resolves. */
export async function createJournal(file: string, header: JournalHeader): Promise<JournalWriter> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, 'wx', 0o600);
  await handle.appendFile(`${JSON.stringify(header)}\n`);
  await handle.sync();
  return journalWriter(handle);
}

/** Goes on writing a journal that an interrupted run left; a torn last line is cut off first. */
export async function reopenJournal(file: string): Promise<JournalWriter> {
  const text = await readFile(file, 'utf8');
  const handle = await open(file, 'r+');
  const whole = Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1));
  await handle.truncate(whole);
  await handle.close();
  return journalWriter(await open(file, 'a', 0o600));
}

function journalWriter(handle: FileHandle): JournalWriter {
  let last: Promise<void> = Promise.resolve();
  const enqueue = (work: () => Promise<void>): Promise<void> => {
    last = last.then(work);
    return last;
  };
  return {
    append: (event) =>
      enqueue(async () => {
        await handle.appendFile(`${JSON.stringify(event)}\n`);
        if (event.type !== 'step.log') await handle.datasync();
      }),
    close: () => enqueue(() => handle.close()),
  };
}

/**
 * Reads a journal back. A last line without its newline is a write that a crash cut short and is ignored; anything
 * else that cannot be read is refused.
 *
 * @throws StateUnreadable when a line is damaged or the journal is of another version
 */
export async function readJournal(file: string): Promise<{ header: JournalHeader; events: readonly RunEvent[] }> {
  const text = await readFile(file, 'utf8');
  const [first = '', ...rest] = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1);
  const header = parseLine(journalHeader, file, first, 1);
  return { header, events: rest.map((line, index) => parseLine(runEvent, file, line, index + 2)) };
}

function parseLine<S extends z.ZodType>(schema: S, file: string, line: string, number: number): z.output<S> {
  try {
    return schema.parse(JSON.parse(line));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : 'the line is not JSON';
    throw unreadable(file, number, why, error);
  }
}

function unreadable(file: string, line: number, why: string, cause?: unknown): AgentctlError {
  return new AgentctlError('StateUnreadable', `cannot read the journal ${file}:${line}: ${why}`, {
    fix: 'start over with `agentctl deploy`; every step checks what is already in place',
    cause,
  });
}
