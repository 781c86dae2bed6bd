import { signalTables } from '../support/faults/signal-table.js';

await signalTables([
  {
    scenario: 'destroy',
    blows: [
      ['KILL', 'again'],
      ['INT', 'again'],
      ['TERM', 'again'],
    ],
  },
]);
