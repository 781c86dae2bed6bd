import { signalTables } from '../support/faults/signal-table.js';

await signalTables([
  { scenario: 'update', blows: [['CI', 'resume']], points: ['inside'] },
  {
    scenario: 'update',
    blows: [
      ['KILL', 'other'],
      ['INT', 'other'],
    ],
    points: ['inside'],
  },
]);
