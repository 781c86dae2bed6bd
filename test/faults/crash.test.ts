import { signalTables } from '../support/faults/signal-table.js';

const blows = [
  ['KILL', 'resume'],
  ['INT', 'resume'],
] as const;

await signalTables([
  { scenario: 'crash', blows, steps: ({ name }) => !/^(run-begin|build|postgres|migration)/.test(name) },
]);
