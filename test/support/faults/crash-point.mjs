/*
 * Preloaded into one run of the CLI (NODE_OPTIONS=--import), never into its children. AGENTCTL_TEST_CRASH says where it
 * is to be hit, in JSON: { step, point, signal, marker, afterMilliseconds, afterOperations }. With { record: FILE } it only writes down how long
 * each step takes and how many asynchronous operations it begins, so that the middle of a step is known.
 */
import { createHook } from 'node:async_hooks';
import { appendFileSync, writeFileSync } from 'node:fs';
import { watchJournal } from './watch-journal.mjs';

const fault = JSON.parse(process.env.AGENTCTL_TEST_CRASH ?? '{}');
delete process.env.AGENTCTL_TEST_CRASH;
delete process.env.NODE_OPTIONS;

let hasFired = false;
const fire = () => {
  if (hasFired) return;
  hasFired = true;
  writeFileSync(fault.marker, new Date().toISOString());
  // `mark`: the harness sends the signals, from outside.
  if (fault.signal !== 'mark') process.kill(process.pid, fault.signal);
};

/** `drain-r7` and `drain-r12` are the same step of different releases. */
const nameOf = (id) => id.replace(/-r\d+$/, '');

let operations = 0;
const counting = createHook({ init: () => (operations += 1) });

/** The lines around which the pseudo-steps lie: what the engine and the commands do between steps. */
const pseudo = {
  'run-begin': { before: 'before header', inside: 'after header', after: 'after run.started' },
  'run-end': { before: 'before run.finished', inside: 'after run.finished', after: 'closed' },
  'recovery-begin': { before: 'before recovery.started', after: 'after recovery.started' },
  'recovery-end': { before: 'before recovery.finished', after: 'after recovery.finished' },
};

function at(moment, line) {
  if (pseudo[fault.step] !== undefined) {
    if (pseudo[fault.step][fault.point] === (line === undefined ? moment : `${moment} ${line.type}`)) fire();
    return;
  }
  if (line?.step === undefined || nameOf(line.step) !== fault.step) return;
  const where = `${moment} ${line.type}`;
  if (where === 'before step.started' && fault.point === 'before') fire();
  const ends = where === 'before step.succeeded' || where === 'before step.failed';
  if (ends && fault.point !== 'before') fire();
  if (where === 'after step.started' && fault.point === 'inside') {
    // A step that is over within a few milliseconds has no middle that a timer could hit: count what it begins instead.
    if (fault.afterMilliseconds >= 40) setTimeout(fire, fault.afterMilliseconds);
    else createHook({ init: () => (operations += 1) > fault.afterOperations && fire() }).enable();
  }
}

if (fault.record !== undefined) {
  counting.enable();
  const began = new Map();
  await watchJournal({
    after: ({ type, step }) => {
      if (type === 'step.started') began.set(step, { at: performance.now(), operations });
    },
    before: ({ type, step }) => {
      const start = began.get(step);
      const line = { type, ...(step === undefined ? {} : { step: nameOf(step) }) };
      if (type === 'step.succeeded' || type === 'step.failed') {
        Object.assign(line, {
          milliseconds: performance.now() - start.at,
          operations: operations - start.operations,
        });
      }
      appendFileSync(fault.record, `${JSON.stringify(line)}\n`);
    },
  });
} else if (fault.step !== undefined) {
  await watchJournal({
    before: (line) => at('before', line),
    after: (line) => at('after', line),
    closed: () => at('closed'),
  });
}
