import { columnTitles, type Column } from './capabilities/column.js';
import { cloudRunSize, largestCloudRunSize } from './cloud-run-size.js';
import { fargateSize, largestFargateSize } from './fargate-size.js';
import { formatQuantity, type Quantity } from './schema/quantity.js';
import type { SizeSpec } from './schema/size.js';

/** Why a size is not offered: which half is wrong, and what that half could be. */
export interface SizeRefusal {
  readonly field: 'cpu' | 'memory';
  readonly reason: string;
  readonly allowed: readonly string[];
}

interface Offer {
  readonly cpu: number;
  readonly memories: readonly Quantity[];
}

interface Range {
  readonly cpu: number;
  /** Both in GiB. */
  readonly lowest: number;
  readonly highest: number;
  readonly step?: number;
}

function offers(ranges: readonly Range[]): readonly Offer[] {
  return ranges.map(({ cpu, lowest, highest, step = 1 }) => {
    const memories: Quantity[] = [];
    for (let gibibytes = lowest; gibibytes <= highest; gibibytes += step)
      memories.push({ mebibytes: gibibytes * 1024 });
    return { cpu, memories };
  });
}

/** Azure Container Apps, "Containers", allocations of the Consumption plan: 2 GiB per vCPU in steps of a quarter. */
const containerApps = offers(
  Array.from({ length: 16 }, (_, index) => (index + 1) / 4).map((cpu) => ({ cpu, lowest: cpu * 2, highest: cpu * 2 })),
);

/** Azure Container Instances, "Resource availability" and "Container groups": at least 1 vCPU and 1 GiB per group. */
const containerInstances: readonly Range[] = [1, 2, 3, 4].map((cpu) => ({ cpu, lowest: 1, highest: 16 }));

/** Why a column cannot run this size; undefined when it can. Kubernetes and local machines take any. */
export function sizeRefusal(column: Column, size: SizeSpec): SizeRefusal | undefined {
  const title = columnTitles[column];
  switch (column) {
    case 'aws':
      return fargateSize(size) === undefined ? tooLarge(size, largestFargateSize, 'Fargate') : undefined;
    case 'azure-container-apps':
      return fromOffers(containerApps, size, title);
    case 'gcp':
      return cloudRunSize(size) === undefined ? tooLarge(size, largestCloudRunSize, 'Cloud Run') : undefined;
    case 'azure-aci':
      return fromRanges(containerInstances, size, title);
    case 'kubernetes':
    case 'local-docker':
    case 'local-process':
      return undefined;
  }
}

/** Sizes between two are rounded up; only what is larger than the largest is refused. */
function tooLarge(size: SizeSpec, largest: SizeSpec, title: string): SizeRefusal {
  const { cpu, memory } = largest;
  if (size.cpu > cpu)
    return { field: 'cpu', reason: `${title} does not offer ${size.cpu} vCPU`, allowed: [`up to ${cpu}`] };
  return { field: 'memory', reason: memoryReason(size, title), allowed: [`up to ${formatQuantity(memory)}`] };
}

function fromOffers(list: readonly Offer[], size: SizeSpec, title: string): SizeRefusal | undefined {
  const offer = list.find(({ cpu }) => cpu === size.cpu);
  if (offer === undefined) return noSuchCpu(list, size, title);
  if (offer.memories.some(({ mebibytes }) => mebibytes === size.memory.mebibytes)) return undefined;
  const allowed = offer.memories.map(formatQuantity);
  return { field: 'memory', reason: memoryReason(size, title), allowed };
}

function fromRanges(ranges: readonly Range[], size: SizeSpec, title: string): SizeRefusal | undefined {
  const range = ranges.find(({ cpu }) => cpu === size.cpu);
  if (range === undefined) return noSuchCpu(ranges, size, title);
  const { mebibytes } = size.memory;
  if (mebibytes >= range.lowest * 1024 && mebibytes <= range.highest * 1024) return undefined;
  const [lowest, highest] = [range.lowest, range.highest].map((gibibytes) =>
    formatQuantity({ mebibytes: gibibytes * 1024 }),
  );
  return { field: 'memory', reason: memoryReason(size, title), allowed: [`${lowest} to ${highest}`] };
}

function noSuchCpu(list: readonly { readonly cpu: number }[], size: SizeSpec, title: string): SizeRefusal {
  const allowed = list.map(({ cpu }) => String(cpu));
  return { field: 'cpu', reason: `${title} does not offer ${size.cpu} vCPU`, allowed };
}

function memoryReason(size: SizeSpec, title: string): string {
  return `${title} does not offer ${formatQuantity(size.memory)} with ${size.cpu} vCPU`;
}
