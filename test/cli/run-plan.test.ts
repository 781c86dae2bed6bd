import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../cli/engine/events.js';
import { readJournal, reopenJournal } from '../../cli/engine/journal.js';
import { stepCatalogue } from '../../cli/plan/step.js';
import { journalFile, lockFile, type LockedRun, runPlan, type RunScope, withLock } from '../../cli/run-plan.js';
import type { Target } from '../../cli/targets/target.js';
import { commandContext } from '../support/command-context.js';
import { act, planFrom, undo, World } from '../support/recording-world.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const chain = planFrom({ a: [], b: ['a'], c: ['b'] }, ['b']);

/** A stage whose steps act on a world; `onEvent` sees every event before it is recorded. */
async function scopeOf(world: World, onEvent: (event: RunEvent) => void = () => undefined): Promise<RunScope> {
  const directory = await temporaryDirectory();
  const stateDirectory = join(directory, '.agentctl', 'local', 'local');
  const { io, interrupt } = commandContext({ workingDirectory: directory });
  const target: Partial<Target> = {
    stateDirectory,
    steps: stepCatalogue<World>([act, undo]),
    tools: world,
    concurrency: { total: 4 },
  };
  return {
    target: target as Target,
    io: { ...io, display: () => Promise.resolve({ event: onEvent, close: () => undefined }) },
    interrupt,
    runId: '20261120-101502345-3f9c',
    command: 'agentctl deploy',
    flags: '--cloud local',
  };
}

async function deploy(scope: RunScope): Promise<unknown> {
  return await withLock(scope, 0, async (run: LockedRun) => runPlan(chain, run)).catch((error: unknown) => error);
}

function journalOf({ target, runId }: RunScope): readonly string[] {
  const text = readFileSync(join(target.stateDirectory, 'runs', `${runId}.ndjson`), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line) as { readonly type: string; readonly step?: string })
    .map(({ type, step }) => (step === undefined ? type : `${type} ${step}`));
}

test('a run keeps its lock to its end, and leaves none', async () => {
  const world = new World();
  const scope = await scopeOf(world);

  expect(await deploy(scope)).toMatchObject({ outcome: 'succeeded' });
  expect(world.acts).toEqual(['a', 'b', 'c']);
  expect(readdirSync(scope.target.stateDirectory)).toEqual(['runs']);
});

test('a resumed run shows what it does, and of what was done before only how much it was', async () => {
  const world = new World();
  world.failures.set('b', { times: 1, retryable: false });
  const scope = await scopeOf(world);
  expect(await deploy(scope)).toMatchObject({ outcome: 'failed', recovered: true });
  const notes: string[] = [];
  const events: RunEvent[] = [];
  let done: ReadonlySet<string> = new Set();
  const io: RunScope['io'] = {
    ...scope.io,
    note: (text) => notes.push(text),
    display: (_, before) => {
      done = before;
      return Promise.resolve({ event: (event) => events.push(event), close: () => undefined });
    },
  };

  const resumed = await withLock({ ...scope, io }, 0, async (run) => {
    const file = journalFile(scope.target.stateDirectory, scope.runId);
    const { events: history } = await readJournal(file);
    return await runPlan(chain, { ...run, resume: { journal: await reopenJournal(file), history } });
  });

  expect(resumed).toMatchObject({ outcome: 'succeeded' });
  expect(notes).toEqual(['1 step was done before']);
  expect(done).toEqual(new Set(['a']));
  expect(events.flatMap((event) => ('step' in event && event.type !== 'step.log' ? [event.step] : []))).toEqual([
    'b',
    'b',
    'c',
    'c',
  ]);
});

describe('a run whose lock is taken away', () => {
  test.each([
    ['before its first step', 'run.started', undefined, []],
    ['while a step runs', 'step.started', 'a', ['a']],
    ['between two steps', 'step.succeeded', 'a', ['a']],
    ['while a step runs that recovery would take back', 'step.started', 'b', ['a', 'b']],
  ])('%s starts nothing more, recovers nothing and records nothing', async (_, type, step, acts) => {
    const world = new World();
    let recorded = 0;
    const scope = await scopeOf(world, (event) => {
      recorded += event.type === 'step.log' ? 0 : 1;
      if (event.type !== type || ('step' in event ? event.step : undefined) !== step) return;
      // While the event is written: what comes next has to notice.
      rmSync(lockFile(scope.target.stateDirectory));
      recorded = 0;
    });

    const error = await deploy(scope);

    expect(error).toMatchObject({ code: 'LockLost', fix: expect.stringContaining(`resume ${scope.runId}`) as string });
    expect(world.acts).toEqual(acts);
    expect(recorded).toBe(0);
    expect(journalOf(scope).at(-1)).toMatch(new RegExp(`^${type}( ${step})?$|^step.log`));
  });

  test('leaves the lock of the one that has it now', async () => {
    const scope = await scopeOf(new World(), (event) => {
      if (event.type === 'step.succeeded') writeFileSync(lockFile(scope.target.stateDirectory), 'of somebody else');
    });

    expect(await deploy(scope)).toMatchObject({ code: 'LockLost' });
    expect(readFileSync(lockFile(scope.target.stateDirectory), 'utf8')).toBe('of somebody else');
  });

  test('says so when what it waited for was stopped for that reason', async () => {
    const scope = await scopeOf(new World());

    const work = withLock(scope, 0, async ({ lock, interrupt }) => {
      await rm(lockFile(scope.target.stateDirectory));
      await lock.assertHeld().catch(() => undefined);
      // As a request to a supervisor does.
      await sleep(60_000, undefined, { signal: interrupt.signal });
    });

    await expect(work).rejects.toMatchObject({ code: 'LockLost' });
  });
});

describe('journals of past runs', () => {
  const name = (index: number): string => `20250101-${String(index).padStart(9, '0')}-0000`;
  const ended = (outcome: string): string =>
    `{}\n${JSON.stringify({ type: 'run.finished', outcome, at: '2026-01-01T00:00:00.000Z' })}\n`;

  async function withPast(outcomeOf: (index: number) => string): Promise<readonly string[]> {
    const scope = await scopeOf(new World());
    await deploy(scope);
    const directory = join(scope.target.stateDirectory, 'runs');
    for (let index = 1; index <= 60; index += 1) {
      await writeFile(join(directory, `${name(index)}.ndjson`), ended(outcomeOf(index)));
    }
    await deploy({ ...scope, runId: '20261120-101503000-beef' });
    return readdirSync(directory).toSorted();
  }

  test('are kept for the last fifty runs beside the present one', async () => {
    const kept = await withPast(() => 'succeeded');

    expect(kept).toHaveLength(51);
    expect(kept.at(0)).toBe(`${name(12)}.ndjson`);
    expect(kept.at(-1)).toBe('20261120-101503000-beef.ndjson');
  });

  test('are kept however old they are when nothing since has been left unfinished', async () => {
    const kept = await withPast((index) => (index <= 3 ? 'interrupted' : 'succeeded'));

    expect(kept).toHaveLength(52);
    expect(kept.slice(0, 2)).toEqual([`${name(3)}.ndjson`, `${name(12)}.ndjson`]);
  });

  test('are kept for the run that begins, even when the clock was put back', async () => {
    const scope = await scopeOf(new World());
    const directory = join(scope.target.stateDirectory, 'runs');
    await deploy(scope);
    for (let index = 1; index <= 60; index += 1)
      await writeFile(join(directory, `${name(index)}.ndjson`), ended('failed'));

    await deploy({ ...scope, runId: '20010101-000000000-beef' });

    expect(existsSync(join(directory, '20010101-000000000-beef.ndjson'))).toBe(true);
  });
});
