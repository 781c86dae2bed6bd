// `npx tsx test/faults/write-report.ts aws|gcp RESULTS…`: writes docs/<cloud>-faults.md from what `--results` has written, the
// newest last. In which step a call falls may change from run to run: what the newest plan of a table has counts, and what was run.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultReport, type ReportedCell } from '../support/cloud-faults/fault-report.js';

interface Results {
  readonly cells: readonly ReportedCell[];
  readonly planned: readonly string[];
}

const [cloud, ...files] = process.argv.slice(2);
if (cloud !== 'aws' && cloud !== 'gcp') throw new Error('name the cloud: aws or gcp');
const read = files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as Results);
if (read.length === 0) throw new Error('name at least one file that --results has written');
/** `aws-update/service/ecs.ListTasks/denied` → `aws-update/calls` */
const tableOf = (name: string): string => {
  const [scenario, , what = ''] = name.split('/');
  return `${scenario}/${what.includes('.') ? 'calls' : 'others'}`;
};
const planned = new Map<string, readonly string[]>();
for (const results of read)
  for (const table of new Set(results.planned.map(tableOf)))
    planned.set(
      table,
      results.planned.filter((name) => tableOf(name) === table),
    );
const page = faultReport({
  cloud,
  cells: read.flatMap(({ cells }) => cells),
  planned: [...planned.values()].flat(),
  date: new Date().toISOString().slice(0, 10),
});
writeFileSync(join(import.meta.dirname, `../../docs/${cloud}-faults.md`), page);
