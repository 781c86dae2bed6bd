import * as z from 'zod';
import { command } from '../command.js';
import { duration } from '../duration.js';
import { oneOf, text } from '../text.js';
import { wholeNumber } from '../whole-number.js';

const process = z.strictObject({
  build: z
    .array(command(), { error: 'a list of commands, each a list: [[npm, ci, --omit=dev]]' })
    .prefault([])
    .meta({ description: 'Commands that prepare a release in its own copy of the build context, in order.' }),
  copy: z.array(text('a path'), { error: 'a list of paths' }).optional().meta({
    description:
      'Paths of the build context that a release consists of. Default: all that `.dockerignore` lets through.',
  }),
});

const postgres = z.strictObject({
  version: z.literal([14, 15, 16, 17]).optional().meta({
    description: 'Major version to run here, when the one in `postgres.version` is not available on this machine.',
  }),
  port: wholeNumber(1024, 65_535)
    .optional()
    .meta({ description: 'Port of the database on 127.0.0.1. Default: a free one.' }),
});

/** Settings of the local target. */
export const localSchema = z.strictObject({
  runtime: oneOf(['auto', 'process', 'docker']).prefault('auto').meta({
    description:
      '`process`: plain processes and a bundled Postgres, no Docker. `docker`: containers. `auto`: processes; validation assumes them too.',
  }),
  port: wholeNumber(1024, 65_535)
    .optional()
    .meta({ description: 'Port of the public address on 127.0.0.1. Default: a free one, kept between deploys.' }),
  process: process.prefault({}).meta({ description: 'Settings of the process runtime.' }),
  postgres: postgres.prefault({}).meta({ description: 'Settings of the local database.' }),
  bake: duration('0s', '1h')
    .prefault('2s')
    .meta({ description: 'How long a new release is watched behind the public address before the old one drains.' }),
});

/** Settings of the local target. */
export type LocalSpec = z.output<typeof localSchema>;
