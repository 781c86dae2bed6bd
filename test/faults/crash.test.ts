import { signalTables } from '../support/faults/signal-table.js';

const steps = ({ name }: { readonly name: string }): boolean => !/^(run-begin|build|postgres|migration)/.test(name);

await signalTables([
  {
    scenario: 'crash',
    blows: [
      ['KILL', 'resume'],
      ['INT', 'resume'],
    ],
    steps,
    points: ['inside'],
  },
  { scenario: 'crash', blows: [['TERM', 'again']], steps, points: [] },
]);
