/**
 * Pure: what a migration has said of the schema it leaves behind, `alembic:3f2a91`. The database is in a network of its
 * own, so what its tool prints is all that can be known of it here. Null: it has said nothing.
 *
 * The forms: a line `agentctl-schema: TEXT`, and what Alembic logs (`Running upgrade a -> b, title`).
 */
export function schemaRevisionIn(lines: readonly string[]): string | null {
  for (const line of lines.toReversed()) {
    const said = /\bagentctl-schema:\s*(\S+)/.exec(line)?.[1];
    if (said !== undefined) return said;
    const upgraded = /\bRunning upgrade\b.*->\s*([\w, ]+?)(?:,|\s*$)/.exec(line)?.[1];
    if (upgraded !== undefined) return `alembic:${upgraded.trim()}`;
  }
  return null;
}
