import { signalTables } from '../support/faults/signal-table.js';

const inside = ['inside'] as const;

await signalTables([
  {
    scenario: 'migrate',
    blows: [
      ['KILL', 'resume'],
      ['INT', 'resume'],
    ],
    points: inside,
  },
  { scenario: 'backup', blows: [['KILL', 'resume']] },
  { scenario: 'backup', blows: [['INT', 'resume']], points: inside },
  { scenario: 'restore', blows: [['KILL', 'resume']] },
  { scenario: 'restore', blows: [['INT', 'resume']], points: inside },
  { scenario: 'migrate', blows: [['TERM', 'again']], points: [] },
  { scenario: 'backup', blows: [['TERM', 'again']], points: [] },
  { scenario: 'restore', blows: [['TERM', 'again']], points: [] },
]);
