import { callCoverage, faultMatrix } from './fault-matrix.js';

/** One cell as `--results` writes it. */
export interface ReportedCell {
  readonly name: string;
  readonly seconds: number;
  readonly violations: readonly string[];
  readonly requests: number;
}

export interface ReportOptions {
  readonly cloud: 'aws' | 'gcp';
  readonly cells: readonly ReportedCell[];
  /** Names of every cell that there is in the scenarios that were begun. */
  readonly planned: readonly string[];
  /** `2026-11-28` */
  readonly date: string;
}

const scenarioNames = ['update', 'first', 'rollback', 'rotate', 'destroy', 'pair'];

const titles = { aws: 'AWS', gcp: 'Google Cloud' } as const;

interface Count {
  cells: number;
  ok: number;
  planned: number;
}

/** Pure: the page about a run of the table, with what was not run and what did not hold. */
export function faultReport({ cloud, cells, planned, date }: ReportOptions): string {
  const results = new Map(cells.map((cell) => [cell.name, cell]));
  const names = [...new Set([...planned, ...results.keys()])].filter((name) => name.startsWith(`${cloud}-`));
  const ran = [...results.values()].filter(({ name }) => name.startsWith(`${cloud}-`));
  const failed = ran.filter(({ violations }) => violations.length > 0);
  const missing = names.filter((name) => !results.has(name));
  const unbegun = scenarioNames
    .map((scenario) => `${cloud}-${scenario}`)
    .filter((scenario) => !names.some((name) => name.startsWith(`${scenario}/`)));
  const requests = ran.reduce((sum, one) => sum + one.requests, 0);
  const counted = (part: (name: string) => string): readonly string[] => {
    const counts = new Map<string, Count>();
    for (const name of names) {
      const count = counts.get(part(name)) ?? { cells: 0, ok: 0, planned: 0 };
      counts.set(part(name), count);
      const result = results.get(name);
      count.planned += 1;
      if (result === undefined) continue;
      count.cells += 1;
      if (result.violations.length === 0) count.ok += 1;
    }
    return [...counts].map(
      ([key, one]) => `| ${key} | ${one.planned} | ${one.cells} | ${one.ok} | ${one.cells - one.ok} |`,
    );
  };
  const table = (title: string, part: (name: string) => string): readonly string[] => [
    `| ${title} | cells | run | hold | violated |`,
    '| --- | --: | --: | --: | --: |',
    ...counted(part),
    '',
  ];
  return [
    '<!-- Written by test/faults/write-report.ts from `npm run test:faults -- --results FILE`. -->',
    '',
    `# Faults on ${titles[cloud]}`,
    '',
    `Faults happen to commands against the fake ${titles[cloud]} ([fake-${cloud}.md](fake-${cloud}.md)), and what must hold after any fault is looked at: exit`,
    'code, the old version answers, schema, lock, the next run converges, orphans, secrets, data, message, time, record.',
    '',
    '- Every kind of call in every step, by each kind of fault. `denied` lasts as long as the run, every other fault hits one call.',
    '- Every step, before, inside and after, by KILL, INT and TERM to the process.',
    '- `beside`: another command at the same time.',
    '',
    'Several runs may be joined here, of which each tried a part.',
    '',
    `Run of ${date}: ${ran.length} of ${names.length} cells, ${ran.length - failed.length} hold, ${failed.length} do not; ${requests} requests to the public address meanwhile.`,
    '',
    ...table('scenario', (name) => name.split('/')[0] ?? ''),
    ...table('fault', (name) => name.split('/').at(-1) ?? ''),
    ...table('step', (name) => (name.split('/')[1] ?? '').replace(/^migration-.*/, 'migration')),
    '## Every call',
    '',
    'Whichever command makes it in whichever step: cells that were run, of those there are.',
    '',
    ...callCoverage(names, results),
    '## What did not hold',
    '',
    ...(failed.length === 0 ? ['Nothing of what was run.'] : failed.flatMap(linesOf)),
    '',
    '## Not run',
    '',
    ...(unbegun.length === 0
      ? []
      : [
          `Not begun, so that it is not known how many cells there are: ${unbegun.map((one) => `\`${one}\``).join(', ')}.`,
          '',
        ]),
    ...(missing.length === 0 ? ['Nothing else.'] : [`${missing.length} cells:`, '', ...grouped(missing)]),
    '',
    '## Every cell',
    '',
    'A step and a call, or a step and where in it; `plan` is what a command does before its first step, `end` after its last.',
    '',
    ...faultMatrix(names, results),
  ].join('\n');
}

function linesOf({ name, violations }: ReportedCell): readonly string[] {
  const claims = violations.filter((text) => /^(I\d+ |the fault)/.test(text));
  return [`- \`${name}\``, ...claims.map((text) => `  - ${(text.split('\n')[0] ?? '').slice(0, 300)}`)];
}

/** `aws-update/service`: 12 */
function grouped(names: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const name of names) {
    const place = name.split('/').slice(0, 2).join('/');
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return [...counts].map(([place, count]) => `- \`${place}\`: ${count}`);
}
