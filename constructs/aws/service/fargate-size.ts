import type { Construct } from 'constructs';
import { constructError } from '../construct-error.js';

interface MemoryRange {
  readonly lowestMiB: number;
  readonly highestMiB: number;
  readonly stepMiB: number;
}

const gib = 1024;

/** CPU units → memory, from "Task CPU and memory" of the Amazon ECS developer guide for Fargate. */
const memoryRanges: Readonly<Record<number, MemoryRange>> = {
  512: { lowestMiB: gib, highestMiB: 4 * gib, stepMiB: gib },
  1024: { lowestMiB: 2 * gib, highestMiB: 8 * gib, stepMiB: gib },
  2048: { lowestMiB: 4 * gib, highestMiB: 16 * gib, stepMiB: gib },
  4096: { lowestMiB: 8 * gib, highestMiB: 30 * gib, stepMiB: gib },
  8192: { lowestMiB: 16 * gib, highestMiB: 60 * gib, stepMiB: 4 * gib },
  16384: { lowestMiB: 32 * gib, highestMiB: 120 * gib, stepMiB: 8 * gib },
  32768: { lowestMiB: 60 * gib, highestMiB: 244 * gib, stepMiB: gib },
};
/** The smallest size is the only one that is not a range. */
const smallest = { cpuUnits: 256, memoriesMiB: [512, gib, 2 * gib] } as const;

/** Throws when Fargate has no task of this size. */
export function assertFargateSize(scope: Construct, cpuUnits: number, memoryMiB: number): void {
  if (cpuUnits === smallest.cpuUnits) {
    if (smallest.memoriesMiB.some((memory) => memory === memoryMiB)) return;
    throw constructError(
      scope,
      `memoryMiB is ${memoryMiB}; with 256 CPU units it is ${smallest.memoriesMiB.join(', ')}`,
    );
  }
  const range = memoryRanges[cpuUnits];
  if (range === undefined)
    throw constructError(scope, `cpuUnits is ${cpuUnits}; Fargate has 256, ${Object.keys(memoryRanges).join(', ')}`);
  const { lowestMiB, highestMiB, stepMiB } = range;
  const fits = memoryMiB >= lowestMiB && memoryMiB <= highestMiB && (memoryMiB - lowestMiB) % stepMiB === 0;
  if (!fits)
    throw constructError(
      scope,
      `memoryMiB is ${memoryMiB}; with ${cpuUnits} CPU units it is ${lowestMiB} to ${highestMiB} in steps of ${stepMiB}`,
    );
}
