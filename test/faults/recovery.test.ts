import { signalTables } from '../support/faults/signal-table.js';

const blows = [
  ['KILL', 'resume'],
  ['KILL', 'again'],
  ['INT', 'resume'],
  ['TERM', 'again'],
] as const;

/** What comes before is an update like any other. */
const isNew = ({ name }: { readonly name: string }): boolean =>
  !/^(run-begin|build|postgres|migration|start|switch)/.test(name);

await signalTables([{ scenario: 'unfit', blows, steps: isNew }]);
