import { signalTables } from '../support/faults/signal-table.js';

const blows = [
  ['KILL', 'resume'],
  ['KILL', 'again'],
  ['INT', 'resume'],
] as const;

await signalTables([
  { scenario: 'rollback', blows },
  { scenario: 'rotate', blows },
]);
