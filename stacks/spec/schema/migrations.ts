import * as z from 'zod';
import { command } from './command.js';
import { duration } from './duration.js';
import { environment } from './environment.js';
import { imageSchema } from './image.js';
import { sizeSchema } from './size.js';
import { flag, patternedText } from './text.js';

/** A command that brings the database schema to what the release needs; it gates the rollout. */
export const migrationSchema = z.strictObject({
  name: patternedText(/^[a-z][a-z0-9-]{0,23}$/, 'a name of lower-case letters, digits and hyphens, at most 24 long')
    .prefault('migrate')
    .meta({ description: 'Name shown in the plan. Needed when there is more than one migration.' }),
  command: command().meta({ description: 'What to run, one list item per argument.' }),
  image: imageSchema.optional().meta({ description: 'Image of this migration. Default: the top-level `image`.' }),
  env: environment()
    .prefault({})
    .meta({ description: 'Variables of this migration, merged over the top-level `env`.' }),
  size: sizeSchema.prefault({}).meta({ description: 'CPU and memory of the run.' }),
  timeout: duration('1s', '24h')
    .prefault('10m')
    .meta({ description: 'Time after which the migration is stopped and the deploy fails.' }),
  snapshot: flag().prefault(false).meta({ description: 'Take a database snapshot before this migration.' }),
});

const migrationList = z.array(migrationSchema);
const singleMigration = migrationSchema.transform((migration) => [migration]);

/** One migration or a list of them, run in order; always a list afterwards. */
export const migrationsSchema = z.union([singleMigration, migrationList]);

/** A command that brings the database schema to what the release needs; it gates the rollout. */
export type MigrationSpec = z.output<typeof migrationSchema>;
