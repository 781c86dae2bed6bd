import { mkdtemp, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunEvent } from '../../../cli/engine/events.js';
import {
  createJournal,
  type JournalHeader,
  journalVersion,
  readJournal,
  reopenJournal,
} from '../../../cli/engine/journal.js';
import { planFrom } from '../../support/recording-world.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'agentctl-journal-'));
});
afterAll(async () => await rm(directory, { recursive: true, force: true }));

const at = '2026-01-01T00:00:00.000Z';
const header: JournalHeader = {
  journalVersion,
  runId: 'run',
  command: 'agentctl deploy',
  startedAt: at,
  plan: planFrom({ a: [] }),
};
const line = fc.string({ unit: 'grapheme', maxLength: 20 });
const event: fc.Arbitrary<RunEvent> = fc.oneof(
  line.map((text): RunEvent => ({ type: 'step.log', step: 'a', line: text, at })),
  line.map((text): RunEvent => ({ type: 'step.succeeded', step: 'a', outputs: { text }, how: 'ran', at })),
);

test('a journal that is cut at any byte holds the events before it, and takes new ones after them', async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 6 }), fc.nat(), async (events, cut) => {
      const file = join(directory, `${(runs += 1)}.ndjson`);
      const writer = await createJournal(file, header);
      for (const one of events) await writer.append(one);
      await writer.close();
      const bytes = await readFile(file);
      const headerEnd = bytes.indexOf('\n') + 1;
      const end = headerEnd + (cut % (bytes.length - headerEnd + 1));
      const whole = bytes.subarray(headerEnd, end).filter((byte) => byte === 0x0a).length;
      await truncate(file, end);

      expect((await readJournal(file)).events).toEqual(events.slice(0, whole));

      const again = await reopenJournal(file);
      await again.append({ type: 'run.finished', outcome: 'succeeded', at });
      await again.close();
      expect((await readJournal(file)).events).toEqual([
        ...events.slice(0, whole),
        { type: 'run.finished', outcome: 'succeeded', at },
      ]);
    }),
    { numRuns: 150 },
  );
});
