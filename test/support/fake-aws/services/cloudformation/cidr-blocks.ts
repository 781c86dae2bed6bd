/** `Fn::Cidr` for IPv4: so many blocks of 2^bits addresses. */
export function cidrBlocks(block: string, count: number, bits: number): string[] {
  const [address = '', prefix = ''] = block.split('/');
  const base = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** bits;
  if (count * size > 2 ** (32 - Number(prefix)))
    throw new Error(`Template error: ${count} blocks do not fit in ${block}`);
  return Array.from({ length: count }, (_, at) => {
    const start = base + at * size;
    return `${[24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join('.')}/${32 - bits}`;
  });
}
