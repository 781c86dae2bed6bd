import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { RunEvent } from '../../../cli/engine/events.js';
import {
  createJournal,
  hasBegun,
  type JournalHeader,
  readJournal,
  reopenJournal,
} from '../../../cli/engine/journal.js';
import { planFrom } from '../../support/recording-world.js';

const directories: string[] = [];
afterEach(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true, force: true });
});

const header: JournalHeader = {
  journalVersion: 1,
  runId: 'run',
  command: 'agentctl deploy',
  startedAt: '2026-01-01T00:00:00.000Z',
  plan: planFrom({ a: [] }),
};
const at = '2026-01-01T00:00:00.000Z';
const events: RunEvent[] = [
  { type: 'run.started', runId: 'run', planHash: 'hash', at },
  { type: 'step.started', step: 'a', attempt: 1, at },
  { type: 'step.log', step: 'a', line: 'ü "quoted"\nsecond', at },
  { type: 'step.succeeded', step: 'a', outputs: { count: 1 }, how: 'ran', at },
];

async function journal(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'agentctl-journal-'));
  directories.push(directory);
  const file = join(directory, 'runs', 'run.ndjson');
  const writer = await createJournal(file, header);
  for (const event of events) await writer.append(event);
  await writer.close();
  return file;
}

test('what was appended is read back, header first', async () => {
  const file = await journal();

  expect(await readJournal(file)).toEqual({ header, events });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('a last line cut short by a crash is ignored, and cut off before the run goes on', async () => {
  const file = await journal();
  await appendFile(file, '{"type":"run.fini');

  expect((await readJournal(file)).events).toEqual(events);

  const writer = await reopenJournal(file);
  await writer.append({ type: 'run.finished', outcome: 'succeeded', at });
  await writer.close();
  expect((await readJournal(file)).events.at(-1)).toEqual({ type: 'run.finished', outcome: 'succeeded', at });
});

test('a last line cut short within a character is cut off at the right place', async () => {
  const file = await journal();
  await appendFile(file, Buffer.concat([Buffer.from('{"type":"step.log","line":"g'), Buffer.from([0xc3])]));

  const writer = await reopenJournal(file);
  await writer.append({ type: 'run.finished', outcome: 'succeeded', at });
  await writer.close();

  expect((await readJournal(file)).events).toEqual([...events, { type: 'run.finished', outcome: 'succeeded', at }]);
});

test('a journal that was cut off before its header was whole has no run in it', async () => {
  const file = await journal();
  await writeFile(file, (await readFile(file)).subarray(0, 40));

  await expect(readJournal(file)).rejects.toMatchObject({
    code: 'StateUnreadable',
    message: `the journal ${file} ends before its run began`,
  });
});

test('a damaged line in the middle is refused, with its place', async () => {
  const file = await journal();
  const lines = (await readFile(file, 'utf8')).split('\n');
  lines[2] = 'garbage';
  await writeFile(file, lines.join('\n'));

  await expect(readJournal(file)).rejects.toMatchObject({
    code: 'StateUnreadable',
    message: expect.stringContaining(`${file}:3`) as string,
  });
});

test('a journal whose first line was never whole has not begun', async () => {
  const file = await journal();
  const whole = await readFile(file, 'utf8');

  expect(await hasBegun(file)).toBe(true);
  await writeFile(file, whole.slice(0, 20));
  expect(await hasBegun(file)).toBe(false);
});

test('a journal of another version is refused', async () => {
  const file = await journal();
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('"journalVersion":1', '"journalVersion":2'));

  await expect(readJournal(file)).rejects.toMatchObject({ code: 'StateUnreadable' });
});
