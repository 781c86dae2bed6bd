import type { SpecProblem } from '../problem.js';
import type { Rule } from './rule.js';

/** `min` ≤ `max`, and a service without replicas has something that wakes it. */
export const scaleRange: Rule = (spec) =>
  Object.entries(spec.services).flatMap(([name, { scale, port }]): readonly SpecProblem[] => {
    const path = ['services', name, 'scale'];
    if (scale.min > scale.max) {
      const message = `services.${name}.scale.min (${scale.min}) is above max (${scale.max})`;
      const fix = `set min to at most ${scale.max}, or raise max`;
      return [{ code: 'scale-range', path: [...path, 'min'], at: 'value', message, found: String(scale.min), fix }];
    }
    if (scale.min === 0 && scale.queueDepth === undefined && port === undefined) {
      const message = `services.${name} can scale to 0, and nothing would start it again`;
      const fix = 'set min to 1, or add queueDepth';
      return [{ code: 'scale-range', path: [...path, 'min'], at: 'value', message, found: '0', fix }];
    }
    return [];
  });
