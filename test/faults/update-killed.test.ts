import { signalTables } from '../support/faults/signal-table.js';

// Eleven steps at three points, and at those two.
await signalTables(
  [
    { scenario: 'update', blows: [['KILL', 'resume']] },
    { scenario: 'update', blows: [['KILL', 'again']], points: ['inside', 'after'] },
  ],
  55,
);
