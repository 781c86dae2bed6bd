// `npx tsx test/faults/aws/write-report.ts RESULTS…`: writes docs/aws-faults.md from what `--results` has written.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { awsReport, type ReportedCell } from '../../support/aws-faults/aws-report.js';

interface Results {
  readonly cells: readonly ReportedCell[];
  readonly planned: readonly string[];
}

const read = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')) as Results);
if (read.length === 0) throw new Error('name at least one file that --results has written');
const page = awsReport({
  cells: read.flatMap(({ cells }) => cells),
  planned: read.flatMap(({ planned }) => planned),
  date: new Date().toISOString().slice(0, 10),
});
writeFileSync(join(import.meta.dirname, '../../../docs/aws-faults.md'), page);
