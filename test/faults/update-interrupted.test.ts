import { signalTables } from '../support/faults/signal-table.js';

await signalTables([
  { scenario: 'update', blows: [['INT', 'resume']] },
  { scenario: 'update', blows: [['TERM', 'again']] },
]);
