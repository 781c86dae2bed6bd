const longest = 16;

/** Pure: the revision of a schema without the tool that names it, `3f2a91` for `alembic:3f2a91`; `-` for none. */
export function schemaText(revision: string | null): string {
  if (revision === null) return '-';
  const name = revision.slice(revision.indexOf(':') + 1);
  return name.length <= longest ? name : `${name.slice(0, longest - 1)}…`;
}
