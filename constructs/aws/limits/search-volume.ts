/** GiB for the first size of a family that has one, `medium`; it doubles with each size from there. */
const gibibytesOfMedium: Readonly<Record<string, number>> = { m7g: 400, r7g: 800 };
const sizes = ['medium', 'large', 'xlarge', '2xlarge', '4xlarge', '8xlarge'];
/** Burstable types do not double. */
const burstable: Readonly<Record<string, number>> = { 't3.small.search': 100, 't3.medium.search': 200 };

/**
 * GiB of gp3 that a data node of this type has at most, or a little more than that: AWS rounds some down. Undefined for a
 * type that is not known here. By Amazon OpenSearch Service developer guide, "EBS volume size quotas".
 */
export function largestSearchVolumeGiB(instanceType: string): number | undefined {
  const known = burstable[instanceType];
  if (known !== undefined) return known;
  const [family = '', size = ''] = instanceType.split('.');
  const [medium, doublings] = [gibibytesOfMedium[family], sizes.indexOf(size)];
  return medium === undefined || doublings < 0 ? undefined : medium * 2 ** doublings;
}
