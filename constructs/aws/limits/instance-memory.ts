/** GiB of the smallest size, `large`, by the letter of the family; it doubles with each size from there. */
const gibibytesOfLarge: Readonly<Record<string, number>> = { m: 8, r: 16, x: 32 };
/** GiB of burstable classes. */
const burstable: Readonly<Record<string, number>> = {
  micro: 1,
  small: 2,
  medium: 4,
  large: 8,
  xlarge: 16,
  '2xlarge': 32,
};

/**
 * Memory of an RDS instance class in MiB: 8192 for `db.m7g.large`; undefined for one that is not known here. By Amazon RDS
 * user guide, "Hardware specifications for DB instance classes".
 */
export function instanceMemoryMiB(instanceClass: string): number | undefined {
  const [, family = '', size = ''] = /^db\.([a-z])[0-9][a-z0-9]*\.([a-z0-9]+)$/.exec(instanceClass) ?? [];
  const gibibytes = family === 't' ? burstable[size] : larger(gibibytesOfLarge[family], size);
  return gibibytes === undefined ? undefined : gibibytes * 1024;
}

function larger(large: number | undefined, size: string): number | undefined {
  if (large === undefined || size === 'large') return large;
  const [, times] = /^(\d*)xlarge$/.exec(size) ?? [];
  return times === undefined ? undefined : large * 2 * (times === '' ? 1 : Number(times));
}
