import * as z from 'zod';
import { wholeNumber } from './whole-number.js';

const percent = () => wholeNumber(1, 100);

/** How many replicas run, and what adds one. */
export const scaleSchema = z
  .strictObject({
    min: wholeNumber(0, 1000).prefault(1).meta({ description: 'Fewest replicas.' }),
    max: wholeNumber(1, 1000).optional().meta({ description: 'Most replicas. Default: the same as `min`.' }),
    requests: wholeNumber(1, 1_000_000)
      .optional()
      .meta({ description: 'Requests per minute and replica above which a replica is added.' }),
    connections: wholeNumber(1, 100_000)
      .optional()
      .meta({ description: 'Open connections (streams) per replica above which a replica is added.' }),
    memory: percent().optional().meta({ description: 'Percent of memory in use above which a replica is added.' }),
    cpu: percent().optional().meta({
      description:
        'Percent of CPU in use above which a replica is added. Default: 70 when `max` is above `min` and nothing else is set.',
    }),
    queueDepth: wholeNumber(1, 1_000_000)
      .optional()
      .meta({ description: 'Waiting messages per replica above which a replica is added.' }),
  })
  .transform((scale) => {
    const max = scale.max ?? Math.max(scale.min, 1);
    const signals = [scale.requests, scale.connections, scale.memory, scale.cpu, scale.queueDepth];
    const idle = max > scale.min && signals.every((signal) => signal === undefined);
    return { ...scale, max, cpu: idle ? 70 : scale.cpu };
  });

/** How many replicas run, and what adds one. */
export type ScaleSpec = z.output<typeof scaleSchema>;
