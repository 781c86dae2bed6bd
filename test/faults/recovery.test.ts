import { signalTables } from '../support/faults/signal-table.js';

/** What comes before is an update like any other. */
const steps = ({ name }: { readonly name: string }): boolean =>
  !/^(run-begin|build|postgres|migration|start|switch)/.test(name);

await signalTables([
  { scenario: 'unfit', blows: [['KILL', 'resume']], steps },
  {
    scenario: 'unfit',
    blows: [
      ['KILL', 'again'],
      ['INT', 'resume'],
      ['TERM', 'again'],
    ],
    steps,
    points: ['inside'],
  },
]);
