/** Pure: a moment as AWS gives it, as ISO 8601; null for none. */
export function isoTime(date: Date | undefined): string | null {
  return date === undefined ? null : date.toISOString();
}
