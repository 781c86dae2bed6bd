/** Pure: a word as it has to be typed in a POSIX shell, so that a command in a hint can be copied as it stands. */
export function quotedForShell(word: string): string {
  return /^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
