import { signalTables } from '../support/faults/signal-table.js';

await signalTables([
  { scenario: 'update', blows: [['KILL', 'resume']] },
  { scenario: 'update', blows: [['KILL', 'again']], points: ['inside', 'after'] },
]);
