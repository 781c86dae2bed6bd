import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CellResult } from './run-cell.js';
import { resultTable } from './result-table.js';

/** Vitest's global setup: prints one table of every cell when all files are done, and writes it where the caller wants it. */
export async function setup(): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'agentctl-faults-'));
  const file = join(directory, 'results.ndjson');
  process.env['AGENTCTL_FAULTS_RESULTS'] = file;
  const plannedFile = join(directory, 'planned.txt');
  process.env['AGENTCTL_FAULTS_PLANNED'] = plannedFile;
  const started = performance.now();
  return async () => {
    const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
    const results = lines.map((line) => JSON.parse(line) as CellResult);
    const table = resultTable(results, (performance.now() - started) / 1000);
    console.log(table);
    const wanted = process.env['AGENTCTL_FAULTS_TABLE'];
    if (wanted !== undefined) writeFileSync(wanted, `${table}\n`);
    const json = process.env['AGENTCTL_FAULTS_JSON'];
    const planned = existsSync(plannedFile) ? readFileSync(plannedFile, 'utf8').trimEnd().split('\n') : [];
    if (json !== undefined) writeFileSync(json, `${JSON.stringify({ planned, cells: results }, null, 1)}\n`);
    await rm(directory, { recursive: true, force: true });
    if (results.length > 0) return;
    console.error('no cell was run: none has the name that was asked for');
    process.exitCode = 1;
  };
}
