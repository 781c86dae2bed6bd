import type { ScalingRule } from './scaling-rule.js';

/** Options of {@link scaleOnCpu}. */
export interface ScaleOnCpuOptions {
  /** Percent of CPU that tasks are kept at. @default 60 */
  readonly targetPercent?: number;
}

/** Adds tasks when the processors are busy. */
export function scaleOnCpu({ targetPercent = 60 }: ScaleOnCpuOptions = {}): ScalingRule {
  return { name: 'Cpu', bind: (subject) => void [subject, targetPercent] };
}
