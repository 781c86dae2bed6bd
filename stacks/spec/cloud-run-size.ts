import type { Quantity } from './schema/quantity.js';
import type { SizeSpec } from './schema/size.js';

/** A size that Cloud Run runs. */
export interface CloudRunSize {
  /** vCPU. */
  readonly cpu: number;
  readonly memory: Quantity;
}

/**
 * Cloud Run, "Configure memory limits" and "Configure CPU limits": second generation, CPU always allocated; GiB. Less than
 * one vCPU would mean one request at a time.
 */
const ranges: readonly { readonly cpu: number; readonly lowest: number; readonly highest: number }[] = [
  { cpu: 1, lowest: 0.5, highest: 4 },
  { cpu: 2, lowest: 0.5, highest: 8 },
  { cpu: 4, lowest: 2, highest: 16 },
  { cpu: 6, lowest: 4, highest: 24 },
  { cpu: 8, lowest: 4, highest: 32 },
];

/** The most that an instance of Cloud Run can have. */
export const largestCloudRunSize: CloudRunSize = { cpu: 8, memory: { mebibytes: 32 * 1024 } };

/** The smallest size of Cloud Run that has at least this CPU and memory; undefined when there is none. */
export function cloudRunSize({ cpu, memory }: SizeSpec): CloudRunSize | undefined {
  const range = ranges.find((candidate) => candidate.cpu >= cpu && candidate.highest * 1024 >= memory.mebibytes);
  if (range === undefined) return undefined;
  return { cpu: range.cpu, memory: { mebibytes: Math.max(memory.mebibytes, range.lowest * 1024) } };
}

/** Whether Cloud Run runs exactly this size. */
export function isCloudRunSize(size: SizeSpec): boolean {
  const offered = cloudRunSize(size);
  return offered?.cpu === size.cpu && offered.memory.mebibytes === size.memory.mebibytes;
}
