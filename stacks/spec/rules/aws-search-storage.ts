import { largestSearchVolumeGiB } from '../../../constructs/aws/limits/search-volume.js';
import { searchType } from '../aws-machines.js';
import { formatQuantity } from '../schema/quantity.js';
import type { Rule } from './rule.js';

/** The disk of a search node fits its instance type. */
export const awsSearchStorage: Rule = (spec, context) => {
  const { search, clouds } = spec;
  const instanceType = searchType(spec);
  if (!context.targets.includes('aws') || search?.kind !== 'managed' || instanceType === undefined) return [];
  const most = largestSearchVolumeGiB(instanceType);
  if (most === undefined || search.storage.mebibytes <= most * 1024) return [];
  const largest = formatQuantity({ mebibytes: most * 1024 });
  const larger = clouds.aws?.search.instanceType === undefined ? 'search.size' : 'clouds.aws.search.instanceType';
  return [
    {
      code: 'size-not-offered',
      path: ['search', 'storage'],
      at: 'value',
      message: `a node of ${instanceType} has no disk of ${formatQuantity(search.storage)}`,
      allowed: [`up to ${largest}`],
      fix: `lower search.storage and add nodes, or raise ${larger}`,
    },
  ];
};
