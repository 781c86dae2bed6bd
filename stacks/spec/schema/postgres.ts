import * as z from 'zod';
import { duration } from './duration.js';
import { external } from './external.js';
import { quantity } from './quantity.js';
import { cron } from './schedule.js';
import { flag, oneOf, patternedText } from './text.js';
import { wholeNumber } from './whole-number.js';

const dumps = z.strictObject({
  cron: cron().meta({ description: 'When to dump, in UTC.' }),
  retention: duration('1d', '3650d').prefault('30d').meta({ description: 'How long dumps are kept.' }),
});

const backups = z.strictObject({
  retention: duration('1d', '35d').prefault('7d').meta({ description: 'How far back point-in-time recovery reaches.' }),
  dumps: dumps
    .optional()
    .meta({ description: 'Scheduled `pg_dump` files in object storage, beside point-in-time recovery.' }),
});

const managed = z
  .strictObject({
    version: z.literal([14, 15, 16, 17]).prefault(17).meta({ description: 'Major version.' }),
    size: oneOf(['small', 'medium', 'large']).prefault('small').meta({
      description: 'Machine size; each target maps it to its own sizes, `clouds.<cloud>.postgres` overrides it.',
    }),
    storage: quantity('10Gi', '16Ti')
      .prefault('20Gi')
      .meta({ description: 'Disk size; rounded up to the next size the cloud offers.' }),
    highAvailability: flag()
      .prefault(false)
      .meta({ description: 'A standby in another zone with automatic failover.' }),
    database: patternedText(/^[a-z_][a-z0-9_]{0,62}$/, 'a database name of lower-case letters, digits and underscores')
      .prefault('app')
      .meta({ description: 'Name of the database.' }),
    pooler: flag()
      .prefault(false)
      .meta({ description: 'PgBouncer in front of the database; `${postgres.url}` goes through it.' }),
    maxConnections: wholeNumber(20, 10_000)
      .optional()
      .meta({ description: 'Connections the server accepts. Default: by `size` (small 100, medium 400, large 500).' }),
    readReplicas: wholeNumber(0, 5).prefault(0).meta({ description: 'Read-only copies.' }),
    extensions: z
      .array(patternedText(/^[a-z][a-z0-9_-]*$/, 'the name of an extension, such as vector'), {
        error: 'a list of names',
      })
      .prefault([])
      .meta({ description: 'Extensions the migration may create, such as `vector`.' }),
    backups: backups.prefault({}).meta({ description: 'Backups.' }),
  })
  .transform((postgres) => ({ kind: 'managed' as const, ...postgres }));

/** The database: one that agentctl creates, or `{ external: … }`. */
export const postgresSchema = z.union([external('a Postgres server'), managed]);

/** The database: one that agentctl creates, or one that runs elsewhere. */
export type PostgresSpec = z.output<typeof postgresSchema>;

/** A database that agentctl creates. */
export type ManagedPostgresSpec = Extract<PostgresSpec, { kind: 'managed' }>;
