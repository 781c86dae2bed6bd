import { signalTables } from '../support/faults/signal-table.js';

// Eleven steps at three points, twice.
await signalTables(
  [
    { scenario: 'update', blows: [['INT', 'resume']] },
    { scenario: 'update', blows: [['TERM', 'again']] },
  ],
  66,
);
