import * as z from 'zod';
import { duration } from './duration.js';
import { text } from './text.js';
import { wholeNumber } from './whole-number.js';

const path = () => text('a path such as /health');

function probe(defaults: { readonly initialDelay: string; readonly interval: string }) {
  const detailed = z.strictObject({
    path: path().meta({ description: 'Path that answers 200 when all is well.', pattern: '^/' }),
    initialDelay: duration('0s', '10m')
      .prefault(defaults.initialDelay)
      .meta({ description: 'Time after the start before the first check.' }),
    interval: duration('1s', '5m').prefault(defaults.interval).meta({ description: 'Time between two checks.' }),
    timeout: duration('1s', '2m').prefault('5s').meta({ description: 'Time one check may take.' }),
    failures: wholeNumber(1, 10)
      .prefault(3)
      .meta({ description: 'Failed checks in a row that make the replica unhealthy.' }),
  });
  const shorthand = path()
    .transform((short) => ({ path: short }))
    .pipe(detailed);
  return z.union([shorthand.meta({ pattern: '^/' }), detailed]);
}

/** How a replica says that it is ready and alive. */
export const healthSchema = z.strictObject({
  readiness: probe({ initialDelay: '0s', interval: '10s' }).optional().meta({
    description:
      'Path that answers 200 when the replica can serve (database reachable, schema current), or an object with its timing. Required for a service with a port.',
  }),
  liveness: probe({ initialDelay: '0s', interval: '10s' }).optional().meta({
    description:
      'Path that answers 200 while the process works at all; a replica that stops answering is restarted. Default: replicas are restarted only when they exit.',
  }),
  startupTimeout: duration('1s', '1h')
    .prefault('120s')
    .meta({ description: 'Time a new replica has to become ready before the release counts as failed.' }),
});

/** How a replica says that it is ready and alive. */
export type HealthSpec = z.output<typeof healthSchema>;

/** One health check. */
export type ProbeSpec = NonNullable<HealthSpec['readiness']>;
