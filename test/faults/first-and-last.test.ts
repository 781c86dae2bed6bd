import { signalTables } from '../support/faults/signal-table.js';

await signalTables([
  { scenario: 'first', blows: [['KILL', 'resume']] },
  {
    scenario: 'destroy-data',
    blows: [
      ['KILL', 'again'],
      ['INT', 'again'],
      ['TERM', 'again'],
    ],
  },
  { scenario: 'first', blows: [['INT', 'resume']] },
]);
