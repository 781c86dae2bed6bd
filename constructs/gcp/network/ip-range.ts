/** An IPv4 range, from its first address on. */
export interface IpRange {
  readonly first: number;
  readonly last: number;
  readonly prefixLength: number;
}

/** Undefined: not a range, or one whose address is not its first (`10.0.0.1/24`), which Google refuses. */
export function parseRange(text: string): IpRange | undefined {
  const [, address, prefixText] = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(text) ?? [];
  if (address === undefined || prefixText === undefined) return undefined;
  const bytes = address.split('.').map(Number);
  const prefixLength = Number(prefixText);
  if (bytes.some((byte) => byte > 255) || prefixLength < 8 || prefixLength > 29) return undefined;
  const first = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const size = 2 ** (32 - prefixLength);
  return first % size === 0 ? { first, last: first + size - 1, prefixLength } : undefined;
}

/** Whether two ranges have an address in common. */
export function rangesOverlap(one: string, other: string): boolean {
  const [left, right] = [parseRange(one), parseRange(other)];
  return left !== undefined && right !== undefined && left.first <= right.last && right.first <= left.last;
}
