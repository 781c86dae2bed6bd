import type { ReportedCell } from './fault-report.js';

const kinds = ['refused', 'reset', '500', 'throttled', 'reply-lost', 'denied'] as const;
const signals = ['KILL', 'INT', 'TERM'] as const;

/** `aws-update/service/ecs.DescribeServices/reply-lost` → row and column. */
interface Place {
  readonly scenario: string;
  readonly row: string;
  readonly column: string;
}

function placeOf(name: string): Place {
  const [scenario = '', ...rest] = name.split('/');
  return { scenario, row: rest.slice(0, -1).join('/'), column: rest.at(-1) ?? '' };
}

/** Pure: every cell there is, a table for calls and one for signals in each scenario: it held, it did not, it was not run. */
export function faultMatrix(names: readonly string[], results: ReadonlyMap<string, ReportedCell>): readonly string[] {
  const scenarios = [...new Set(names.map((name) => placeOf(name).scenario))];
  return scenarios.flatMap((scenario) => {
    const own = names.filter((name) => placeOf(name).scenario === scenario);
    const others = [...new Set(own.map((name) => placeOf(name).column))].filter(
      (column) => !isOneOf(kinds, column) && !isOneOf(signals, column),
    );
    const tables = [kinds, signals, others].map((columns) => table(scenario, own, columns, results));
    return [`### ${scenario}`, '', ...tables.flat()];
  });
}

function table(
  scenario: string,
  names: readonly string[],
  columns: readonly string[],
  results: ReadonlyMap<string, ReportedCell>,
): readonly string[] {
  const rows = [...new Set(names.map(placeOf).flatMap(({ row, column }) => (columns.includes(column) ? [row] : [])))];
  if (rows.length === 0) return [];
  const mark = (row: string, column: string): string => {
    const name = `${scenario}/${row}/${column}`;
    const result = results.get(name);
    if (result === undefined) return names.includes(name) ? 'not run' : '';
    return result.violations.length === 0 ? 'holds' : '**violated**';
  };
  return [
    `| ${['in', ...columns].join(' | ')} |`,
    `| --- |${columns.map(() => ' --- |').join('')}`,
    ...rows.map((row) => `| ${[`\`${row}\``, ...columns.map((column) => mark(row, column))].join(' | ')} |`),
    '',
  ];
}

/** Pure: every call that any command makes, wherever it makes it, by kind: how many cells were run, and of how many. */
export function callCoverage(names: readonly string[], results: ReadonlyMap<string, ReportedCell>): readonly string[] {
  const calls = [
    ...new Set(names.filter((name) => isOneOf(kinds, placeOf(name).column)).map((name) => name.split('/')[2] ?? '')),
  ].toSorted();
  const count = (call: string, kind: string): string => {
    const cells = names.filter((name) => name.split('/')[2] === call && placeOf(name).column === kind);
    return `${cells.filter((name) => results.has(name)).length}/${cells.length}`;
  };
  return [
    `| ${['call', ...kinds].join(' | ')} |`,
    `| --- |${kinds.map(() => ' --: |').join('')}`,
    ...calls.map((call) => `| ${[`\`${call}\``, ...kinds.map((kind) => count(call, kind))].join(' | ')} |`),
    '',
  ];
}

function isOneOf(list: readonly string[], text: string): boolean {
  return list.includes(text);
}
