import * as z from 'zod';
import { command } from './command.js';
import { duration } from './duration.js';
import { environment } from './environment.js';
import { healthSchema } from './health.js';
import { imageSchema } from './image.js';
import { scaleSchema } from './scale.js';
import { sizeSchema } from './size.js';
import { text } from './text.js';
import { wholeNumber } from './whole-number.js';

const route = z.strictObject({
  path: text('a path prefix such as / or /api').meta({
    description: 'Path prefix this service answers behind the public address.',
    pattern: '^/',
  }),
});

const pool = z.strictObject({
  size: wholeNumber(1, 1000).meta({ description: 'Connections each replica keeps open.' }),
  overflow: wholeNumber(0, 1000).prefault(0).meta({ description: 'Extra connections a replica may open under load.' }),
});

/** A container that keeps running, in one or more replicas. */
export const serviceSchema = z.strictObject({
  image: imageSchema.optional().meta({ description: 'Image of this service. Default: the top-level `image`.' }),
  command: command().optional().meta({
    description:
      'What to run, one list item per argument. `${port}` is replaced by the port to listen on. Default: the command of the image.',
  }),
  env: environment().prefault({}).meta({ description: 'Variables of this service, merged over the top-level `env`.' }),
  port: wholeNumber(1, 65_535)
    .optional()
    .meta({ description: 'HTTP port the container listens on. Without a port the service is a worker.' }),
  routes: z
    .array(route, { error: 'a list of { path: … }' })
    .prefault([])
    .meta({ description: 'Public paths behind the load balancer. No routes: reachable only from inside.' }),
  health: healthSchema.prefault({}).meta({ description: 'Health checks over HTTP.' }),
  size: sizeSchema.prefault({}).meta({ description: 'CPU and memory of one replica.' }),
  scale: scaleSchema.prefault({}).meta({ description: 'How many replicas run, and what adds one.' }),
  drain: duration('0s', '1h').prefault('30s').meta({
    description: 'Time in-flight requests and streams get to finish when a replica is replaced or removed.',
  }),
  pool: pool.optional().meta({
    description:
      'Database connections per replica, as configured in the application; checked against the database’s limit.',
  }),
});

/** A container that keeps running, in one or more replicas. */
export type ServiceSpec = z.output<typeof serviceSchema>;
