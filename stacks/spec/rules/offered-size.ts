import { columnOf } from '../capabilities/column.js';
import { sizeRefusal } from '../offered-sizes.js';
import { formatPath, type SpecProblem } from '../problem.js';
import type { Rule } from './rule.js';
import { workloadsOf } from './workloads-of.js';

/** Each target of the spec offers the pair of CPU and memory. */
export const offeredSize: Rule = (spec, context) =>
  workloadsOf(spec).flatMap(({ path, size }) =>
    context.targets.flatMap((target): readonly SpecProblem[] => {
      const refusal = sizeRefusal(columnOf(spec, target), size);
      if (refusal === undefined) return [];
      const { field, reason, allowed } = refusal;
      const message = `${formatPath(path)}: ${reason}`;
      const fix = `change ${field === 'cpu' ? 'cpu' : 'memory, or cpu,'} to a size that ${target} offers`;
      return [{ code: 'size-not-offered', path: [...path, 'size', field], at: 'value', message, allowed, fix }];
    }),
  );
