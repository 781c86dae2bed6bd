import type { CellResult } from './run-cell.js';

/** Pure: rows of scenario and step and point, a column for each kind of blow, counts below. */
export function resultTable(results: readonly CellResult[], seconds: number): string {
  const cells = results.map((result) => {
    const cut = result.name.lastIndexOf('/');
    return { ...result, place: result.name.slice(0, cut), blow: result.name.slice(cut + 1) };
  });
  const blows = [...new Set(cells.map(({ blow }) => blow))].toSorted();
  const places = [...new Set(cells.map(({ place }) => place))];
  const rows = places.map((place) => [
    place,
    ...blows.map((blow) => {
      const found = cells.filter((cell) => cell.place === place && cell.blow === blow);
      if (found.length === 0) return '·';
      const violations = found
        .flatMap((cell) => cell.violations)
        .filter((text) => /^(I\d+|the fault)/.test(text)).length;
      return violations === 0 ? 'ok' : `${violations} ✗`;
    }),
  ]);
  const all = [['', ...blows], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length))) ?? [];
  const text = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const failed = results.filter(({ violations }) => violations.length > 0);
  const requests = results.reduce((sum, result) => sum + result.requests, 0);
  return [
    ...text,
    '',
    `${results.length} cells, ${results.length - failed.length} ok, ${failed.length} with violations; ${requests} requests through the gateway; ${Math.round(seconds)} s`,
    ...failed.map(({ name }) => `  npm run test:faults -- --cell ${name}`),
  ].join('\n');
}
