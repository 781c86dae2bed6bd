import { signalTables } from '../support/faults/signal-table.js';

const inside = ['inside'] as const;

await signalTables([
  { scenario: 'first', blows: [['KILL', 'resume']] },
  { scenario: 'destroy-data', blows: [['KILL', 'again']] },
  {
    scenario: 'first',
    blows: [
      ['INT', 'resume'],
      ['TERM', 'again'],
    ],
    points: inside,
  },
  {
    scenario: 'destroy-data',
    blows: [
      ['INT', 'again'],
      ['TERM', 'again'],
    ],
    points: inside,
  },
  { scenario: 'destroy-backup', blows: [['KILL', 'again']], points: inside },
]);
