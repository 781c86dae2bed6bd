import type { ScenarioName } from './scenario.js';

const around = ['run-begin', 'run-end'];
const database = ['postgres', 'build', 'migration-migrate'];
const rollout = ['start', 'switch', 'verify', 'record'];
const recovery = ['recovery-begin', 'return', 'remove', 'record-failure', 'recovery-end'];

/**
 * Steps that a run without faults has at least. Cells are made from the steps of such a run, so that one that is added is
 * covered without a word here; one that is lost would take its cells along without a word.
 */
export const expectedSteps: Readonly<Record<string, readonly string[]>> = {
  update: [...around, ...database, ...rollout, 'drain'],
  unfit: [...around, ...database, 'start', 'switch', 'verify', ...recovery],
  crash: [...around, ...database, 'start', ...recovery],
  first: [...around, ...database, ...rollout],
  destroy: [...around, 'stop', 'remove'],
  'destroy-data': [...around, 'stop', 'remove'],
  'destroy-backup': [...around, 'postgres', 'backup', 'stop', 'remove'],
  rollback: [...around, ...rollout, 'drain'],
  rotate: [...around, 'promote', ...rollout, 'drain', 'forget'],
  migrate: [...around, ...database],
  backup: [...around, 'backup'],
  restore: [...around, 'restore'],
} satisfies Record<ScenarioName, readonly string[]>;
