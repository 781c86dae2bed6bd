import type { Quantity } from './schema/quantity.js';
import type { SizeSpec } from './schema/size.js';

/** A size that Fargate runs. */
export interface FargateSize {
  /** vCPU. */
  readonly cpu: number;
  readonly memory: Quantity;
}

interface Range {
  readonly cpu: number;
  /** All in GiB. */
  readonly lowest: number;
  readonly highest: number;
  readonly step: number;
}

/** Amazon ECS developer guide, "Task definition parameters for Fargate", task size. The first row also has half a GiB. */
const ranges: readonly Range[] = [
  { cpu: 0.25, lowest: 0.5, highest: 2, step: 1 },
  { cpu: 0.5, lowest: 1, highest: 4, step: 1 },
  { cpu: 1, lowest: 2, highest: 8, step: 1 },
  { cpu: 2, lowest: 4, highest: 16, step: 1 },
  { cpu: 4, lowest: 8, highest: 30, step: 1 },
  { cpu: 8, lowest: 16, highest: 60, step: 4 },
  { cpu: 16, lowest: 32, highest: 120, step: 8 },
];

/** The most that a Fargate task can have. */
export const largestFargateSize: FargateSize = { cpu: 16, memory: { mebibytes: 120 * 1024 } };

/** The smallest size of Fargate that has at least this CPU and memory; undefined when there is none. */
export function fargateSize({ cpu, memory }: SizeSpec): FargateSize | undefined {
  const gibibytes = memory.mebibytes / 1024;
  const range = ranges.find((candidate) => candidate.cpu >= cpu && candidate.highest >= gibibytes);
  if (range === undefined) return undefined;
  const { lowest, step } = range;
  const steps = Math.max(0, Math.ceil((gibibytes - Math.ceil(lowest)) / step));
  const rounded = gibibytes <= lowest ? lowest : Math.ceil(lowest) + steps * step;
  return { cpu: range.cpu, memory: { mebibytes: rounded * 1024 } };
}

/** Whether Fargate runs exactly this size. */
export function isFargateSize(size: SizeSpec): boolean {
  const offered = fargateSize(size);
  return offered?.cpu === size.cpu && offered.memory.mebibytes === size.memory.mebibytes;
}
