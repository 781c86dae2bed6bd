import { signalTables } from '../support/faults/signal-table.js';

const inside = ['inside'] as const;

// Eleven steps in their middle, twice.
await signalTables(
  [
    { scenario: 'update', blows: [['CI', 'resume']], points: inside },
    { scenario: 'update', blows: [['KILL', 'other']], points: inside },
    { scenario: 'update', blows: [['INT', 'other']], points: [] },
  ],
  22,
);
