/** Pure: the last lines of a program's output, set off from our own words. */
export function tailText(lines: readonly string[]): string {
  return lines.length === 0 ? '  | (it printed nothing)' : lines.map((line) => `  | ${line}`).join('\n');
}
