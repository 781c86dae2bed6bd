import { signalTables } from '../support/faults/signal-table.js';

const blows = [
  ['KILL', 'resume'],
  ['INT', 'resume'],
] as const;

await signalTables([
  { scenario: 'migrate', blows },
  { scenario: 'backup', blows },
  { scenario: 'restore', blows },
]);
