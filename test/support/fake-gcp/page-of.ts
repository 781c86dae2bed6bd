/** A page by `pageSize`, `maxResults` and `pageToken`. */
export function pageOf<T>(
  all: readonly T[],
  query: URLSearchParams,
): { readonly items: readonly T[]; readonly next: string | undefined } {
  const size = Number(query.get('pageSize') ?? query.get('maxResults') ?? 0) || 1000;
  const from = Number(query.get('pageToken') ?? 0);
  const to = from + size;
  return { items: all.slice(from, to), next: to < all.length ? String(to) : undefined };
}
