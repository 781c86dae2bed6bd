import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StepContext } from '../../../../cli/plan/step.js';
import type { LocalTools } from '../../../../cli/steps/local/local-tools.js';
import { restoreBackup } from '../../../../cli/steps/local/restore-backup.js';
import { takeBackup } from '../../../../cli/steps/local/take-backup.js';
import type { SupervisorClient } from '../../../../cli/supervisor/client.js';
import { ask, databaseRequest } from '../../../support/stage-database.js';
import { type TestStage, openStage } from '../../../support/supervisor-stage.js';

const cleanUps: (() => Promise<void>)[] = [];
let stage: TestStage;
let client: SupervisorClient;
let port: number;

beforeAll(async () => {
  stage = openStage({ onTestFinished: (cleanUp) => cleanUps.push(cleanUp) });
  client = await stage.start();
  ({ port } = await client.putPostgres(databaseRequest));
  await ask(
    stage.stateDirectory,
    port,
    'CREATE TABLE kept AS SELECT i AS answer, md5(i::text) AS body FROM generate_series(1, 50000) i',
  );
});
afterAll(async () => {
  for (const cleanUp of cleanUps) await cleanUp();
});

test('a backup that is taken is found again, and does not have to be taken twice', async () => {
  const { context, said } = stepContext();

  const before = await takeBackup.check?.({ id: 'b1', reason: 'manual' }, context);
  const taken = await takeBackup.run({ id: 'b1', reason: 'manual' }, context);
  const after = await takeBackup.check?.({ id: 'b1', reason: 'manual' }, context);

  expect(before).toBeUndefined();
  expect(taken).toEqual({ backup: 'b1', bytes: expect.any(Number), revision: expect.stringMatching(/^schema:/) });
  expect(after).toEqual(taken);
  expect(said).toEqual([expect.stringMatching(/^backup b1, \d+\.\d MB$/)]);
});

test('an interrupted backup is taken away again', async () => {
  const interrupted = new AbortController();
  const { context } = stepContext(interrupted.signal, () => interrupted.abort(new Error('interrupted')));

  await expect(takeBackup.run({ id: 'b2', reason: 'manual' }, context)).rejects.toThrow('aborted');

  expect(await client.backup('b2')).toBeUndefined();
});

test('a restore says what it does, and is found again', async () => {
  const { context, said } = stepContext();
  await takeBackup.run({ id: 'b3', reason: 'before-restore' }, context);

  const restored = await restoreBackup.run({ id: 's3', backup: 'b3' }, context);

  expect(restored).toEqual({ backup: 'b3', previous: 's3' });
  expect(await restoreBackup.check?.({ id: 's3', backup: 'b3' }, context)).toEqual(restored);
  expect(said.at(-1)).toBe('serves the restored data; what was there before is kept');
  expect(await ask(stage.stateDirectory, port, 'SELECT count(*)::int AS rows FROM kept')).toEqual([{ rows: 50_000 }]);
});

test('an interrupted restore leaves what is there', async () => {
  const { context } = stepContext();
  await takeBackup.run({ id: 'b4', reason: 'manual' }, context);
  const interrupted = new AbortController();
  const waiting = stepContext(interrupted.signal, () => interrupted.abort(new Error('interrupted')));

  await expect(restoreBackup.run({ id: 's4', backup: 'b4' }, waiting.context)).rejects.toThrow('aborted');

  expect(await client.restore('s4')).toMatchObject({
    state: 'failed',
    problem: { code: 'Interrupted', message: 'the restore was stopped; the data from before serves' },
  });
  expect((await client.previousDatabases()).map(({ id }) => id)).not.toContain('s4');
});

test('a restore of a backup that is not there names it', async () => {
  const { context } = stepContext();

  await expect(restoreBackup.run({ id: 's5', backup: 'b9' }, context)).rejects.toMatchObject({
    code: 'NotDeployed',
    message: 'there is no backup b9',
  });
});

/** `onSleep`: called whenever the step waits. */
function stepContext(
  signal: AbortSignal = new AbortController().signal,
  onSleep: () => void = () => undefined,
): { readonly context: StepContext<LocalTools>; readonly said: string[] } {
  const said: string[] = [];
  const notUsed = (): never => {
    throw new Error('not used');
  };
  const tools = new Proxy({} as LocalTools, {
    get: (_target, name) => {
      if (name === 'supervisor') return () => Promise.resolve(client);
      if (name === 'sleep') {
        return async (seconds: number, whose: AbortSignal) => {
          onSleep();
          await sleep(seconds * 1000, undefined, { signal: whose });
        };
      }
      return notUsed;
    },
  });
  return { context: { signal, attempt: 1, log: (line) => said.push(line), tools }, said };
}
