/** One page of a list whose token is the index of the next item. */
export function pageOf<T>(
  items: readonly T[],
  token: string | undefined,
  size: number | undefined,
): { readonly items: T[]; readonly next: string | undefined } {
  const from = token === undefined ? 0 : Number(token);
  const to = from + (size ?? 100);
  return { items: items.slice(from, to), next: to < items.length ? String(to) : undefined };
}
