import { appendFileSync } from 'node:fs';
import type { CellResult } from './run-cell.js';

/** Keeps the result for the table at the end, and fails with the evidence and the command that shows it again. */
export function report(result: CellResult): void {
  const file = process.env['AGENTCTL_FAULTS_RESULTS'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(result)}\n`);
  const { name, violations } = result;
  if (violations.length === 0) return;
  const text = violations.map((violation) => `  ${violation}`).join('\n');
  throw new Error(`${name}\n${text}\n  again: npm run test:faults -- --cell ${name}`);
}

/** Tells of the cells that there are, whether they are run or not, so that a report can say what was not. */
export function reportPlanned(names: readonly string[]): void {
  const file = process.env['AGENTCTL_FAULTS_PLANNED'];
  if (file !== undefined) appendFileSync(file, names.map((name) => `${name}\n`).join(''));
}
