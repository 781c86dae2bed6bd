import * as z from 'zod';
import { command } from './command.js';
import { duration } from './duration.js';
import { environment } from './environment.js';
import { imageSchema } from './image.js';
import { sizeSchema } from './size.js';
import { text } from './text.js';

/** A five-field cron expression, in UTC. Its fields are checked by a rule. */
export const cron = () => text('a cron expression of five fields, such as "0 3 * * *"');

/** A container that runs at set times and ends. */
export const scheduleSchema = z.strictObject({
  cron: cron().meta({ description: 'When to run: minute hour day-of-month month day-of-week, in UTC.' }),
  command: command().meta({ description: 'What to run, one list item per argument.' }),
  image: imageSchema.optional().meta({ description: 'Image of this schedule. Default: the top-level `image`.' }),
  env: environment().prefault({}).meta({ description: 'Variables of this schedule, merged over the top-level `env`.' }),
  size: sizeSchema.prefault({}).meta({ description: 'CPU and memory of the run.' }),
  timeout: duration('1s', '24h')
    .prefault('1h')
    .meta({ description: 'Time after which a run is stopped and counts as failed.' }),
});

/** A container that runs at set times and ends. */
export type ScheduleSpec = z.output<typeof scheduleSchema>;
