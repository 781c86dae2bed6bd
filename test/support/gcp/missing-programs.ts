import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const places = (process.env['PATH'] ?? '').split(delimiter);

/** What a whole deploy to Google Cloud needs and is not on the PATH: `gcloud`, `terraform`; empty: nothing. */
export const missingPrograms: readonly string[] = ['gcloud', 'terraform'].filter(
  (name) => !places.some((place) => existsSync(join(place, name))),
);

/** For the title of a test that is skipped without them. */
export const skippedFor =
  missingPrograms.length === 0 ? '' : ` (skipped: ${missingPrograms.join(' and ')} not on the PATH)`;
