import { describe, expect, test } from 'vitest';
import type { RunResult } from '../../cli/engine/execute.js';
import type { Plan } from '../../cli/plan/plan.js';
import { runOutcome } from '../../cli/run-outcome.js';
import { planFrom } from '../support/recording-world.js';

const options = { runId: 'run-1', flags: '--cloud local', timedOut: false };
const deploy: Plan = { ...planFrom({ start: [], record: ['start'], drain: ['record'] }, ['start'], 'record') };
const plan = (more: Partial<Plan>): Plan => ({ ...deploy, base: { release: 'r1' }, release: 'r2', ...more });
const ended = (more: Partial<RunResult>): RunResult => ({ outcome: 'succeeded', outputs: new Map(), ...more });

function thrown(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('a run that succeeded', () => {
  test.each([
    ['deploy', plan({ action: 'deploy' }), 'test r2 serves'],
    ['deploy', plan({ action: 'deploy', release: null }), 'nothing to do: test r1 serves what the config says'],
    ['rollback', plan({ action: 'rollback', release: null }), 'nothing to do: test r1 serves that already'],
    ['rotate', plan({ action: 'rotate' }), 'test r2 serves'],
    ['migrate', plan({ action: 'migrate', release: null, recovery: null }), 'migrated; r1 still serves'],
    ['backup', plan({ action: 'backup', release: null, recovery: null }), 'test is backed up'],
    ['destroy', plan({ action: 'destroy', release: null, recovery: null }), 'test is destroyed'],
  ] as const)('%s', (action, of, note) => {
    expect(runOutcome(of, ended({}), options)).toMatchObject({ exitCode: 0, note, data: { action, runId: 'run-1' } });
  });
});

describe('a run that did not, by what serves', () => {
  const failure = { step: 'start', failure: { code: 'StepFailed', message: 'it broke', fix: 'mend it' } };

  test.each([
    ['before anything was started', ended({ outcome: 'failed', failure }), 'StepFailed', 'it broke; r1 still serves'],
    [
      'and was taken back',
      ended({ outcome: 'failed', failure, recovered: true }),
      'RolledBack',
      'it broke; r1 still serves',
    ],
    [
      'and could not be taken back',
      ended({ outcome: 'failed', failure, recovered: false }),
      'NotRolledBack',
      'it broke; the way back failed too: see `agentctl status`',
    ],
    [
      'and was taken back, but for its migration',
      ended({ outcome: 'failed', failure, recovered: true, outputs: new Map([['migration-schema', {}]]) }),
      'RolledBack',
      'it broke; r1 still serves; the schema is as migration schema left it',
    ],
    ['by a signal', ended({ outcome: 'interrupted' }), 'Interrupted', 'interrupted; r1 still serves'],
    [
      'by a signal that leaves the rollout to the target',
      ended({ outcome: 'interrupted', isLeft: true }),
      'Interrupted',
      'interrupted; what was begun of r2 goes on without agentctl, r1 serves until it is done: see `agentctl status`',
    ],
    [
      'by a signal after the release was recorded',
      ended({ outcome: 'interrupted', outputs: new Map([['record', {}]]) }),
      'Interrupted',
      'interrupted; r2 serves',
    ],
  ])('%s', (_, result, code, message) => {
    const recovery = deploy.recovery === null ? null : { ...deploy.recovery, returnsTo: 'r1' };

    expect(thrown(() => runOutcome(plan({ recovery }), result, options))).toMatchObject({ code, message });
  });

  test('where nothing served before, names what stays and how to take it away', () => {
    const recovery = deploy.recovery === null ? null : { ...deploy.recovery, returnsTo: null };
    const again = { ...failure, failure: { ...failure.failure, fix: 'mend it and deploy again' } };
    const result = ended({ outcome: 'failed', failure: again, recovered: true });

    expect(thrown(() => runOutcome(plan({ recovery, base: { release: null } }), result, options))).toMatchObject({
      code: 'NotRolledBack',
      message: 'it broke; nothing serves',
      fix: `mend it and deploy again: agentctl deploy --cloud local
       what was set up for it stays, such as a database; to take it away: agentctl destroy --cloud local`,
    });
  });

  test('of a build names the command too', () => {
    const fix = 'nothing was deployed; mend what its last lines name and deploy again';
    const result = ended({
      outcome: 'failed',
      failure: { step: 'build', failure: { code: 'BuildFailed', message: 'the build failed', fix } },
    });

    expect(thrown(() => runOutcome(plan({}), result, options))).toMatchObject({
      code: 'BuildFailed',
      fix: `${fix}: agentctl deploy --cloud local`,
    });
  });

  test('by --timeout names the command that goes on', () => {
    expect(
      thrown(() => runOutcome(plan({}), ended({ outcome: 'interrupted' }), { ...options, timedOut: true })),
    ).toMatchObject({ code: 'TimedOut', fix: 'agentctl resume run-1 --cloud local' });
  });
});
