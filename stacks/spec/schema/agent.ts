import * as z from 'zod';
import { cacheSchema } from './cache.js';
import { cloudsSchema } from './clouds/index.js';
import { domainSchema } from './domain.js';
import { environment } from './environment.js';
import { imageSchema } from './image.js';
import { migrationsSchema } from './migrations.js';
import { observabilitySchema } from './observability.js';
import { postgresSchema } from './postgres.js';
import { queueSchema } from './queue.js';
import { scheduleSchema } from './schedule.js';
import { searchSchema } from './search.js';
import { serviceSchema } from './service.js';
import { patternedText } from './text.js';

const nameExpected = '3 to 24 lower-case letters, digits and single hyphens, beginning with a letter';

/** For editors; the names rule says it with better words. */
const workloadNames = { pattern: '^[a-z](-?[a-z0-9])*$', maxLength: 24 };

/** One stage of an agent: the whole file after the stage’s overlay was merged over it. */
export const agentSchema = z.strictObject({
  name: patternedText(/^(?=.{3,24}$)[a-z](?:-?[a-z0-9])*$/, nameExpected).meta({
    description: 'Name of the agent; part of the name of everything that is created.',
  }),
  image: imageSchema
    .prefault({ build: {} })
    .meta({ description: 'Image of every service, schedule and migration that has none of its own.' }),
  env: environment()
    .prefault({})
    .meta({ description: 'Variables of every service, schedule and migration. Values may contain references.' }),
  secrets: z
    .array(patternedText(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a name such as OPENAI_API_KEY'), { error: 'a list of names' })
    .prefault([])
    .meta({
      description:
        'Names of secrets. Each is an environment variable of that name everywhere, except those for a build or a registry; values are set with `agentctl secrets set`, never in this file.',
    }),
  services: z
    .record(z.string(), serviceSchema, { error: 'a map of service names to services' })
    .refine((services) => Object.keys(services).length > 0, { error: 'a map with at least one service' })
    .meta({
      description: 'What keeps running, by name. At least one.',
      minProperties: 1,
      propertyNames: workloadNames,
    }),
  schedules: z
    .record(z.string(), scheduleSchema, { error: 'a map of names to schedules' })
    .prefault({})
    .meta({ description: 'What runs at set times, by name.', propertyNames: workloadNames }),
  migrations: migrationsSchema
    .prefault([])
    .meta({ description: 'One migration or a list, run in order before the rollout from the new image.' }),
  postgres: postgresSchema.optional().meta({ description: 'The database. `{}` takes all defaults.' }),
  search: searchSchema.optional().meta({ description: 'The search cluster. `{}` takes all defaults.' }),
  cache: cacheSchema.optional().meta({ description: 'The cache. `{}` takes all defaults.' }),
  queue: queueSchema.optional().meta({ description: 'The task queue. `{}` takes all defaults.' }),
  domain: domainSchema
    .optional()
    .meta({ description: 'The public host name. Default: the address the target hands out.' }),
  observability: observabilitySchema.prefault({}).meta({ description: 'Logs, alarms, metrics and traces.' }),
  clouds: cloudsSchema.prefault({}).meta({ description: 'Settings per target, in each cloud’s own words.' }),
});

/** One stage of an agent, checked and with every default filled in. */
export type AgentSpec = z.output<typeof agentSchema>;
