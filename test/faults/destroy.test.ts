import { signalTables } from '../support/faults/signal-table.js';

await signalTables([
  { scenario: 'destroy', blows: [['KILL', 'again']] },
  {
    scenario: 'destroy',
    blows: [
      ['INT', 'again'],
      ['TERM', 'again'],
    ],
    points: ['inside'],
  },
]);
