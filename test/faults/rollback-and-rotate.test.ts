import { signalTables } from '../support/faults/signal-table.js';

const inside = ['inside'] as const;

await signalTables([
  { scenario: 'rollback', blows: [['KILL', 'resume']] },
  { scenario: 'rotate', blows: [['KILL', 'resume']] },
  {
    scenario: 'rollback',
    blows: [
      ['KILL', 'again'],
      ['INT', 'resume'],
    ],
    points: inside,
  },
  {
    scenario: 'rotate',
    blows: [
      ['KILL', 'again'],
      ['INT', 'resume'],
    ],
    points: inside,
  },
  { scenario: 'rollback', blows: [['TERM', 'again']], points: [] },
  { scenario: 'rotate', blows: [['TERM', 'again']], points: [] },
]);
