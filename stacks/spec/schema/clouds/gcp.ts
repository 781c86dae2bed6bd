import * as z from 'zod';
import { patternedText, text } from '../text.js';

/** Settings of the Google Cloud target, in Google Cloud’s words. */
export const gcpSchema = z.strictObject({
  project: patternedText(
    /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
    'a project id of 6 to 30 lower-case letters, digits and hyphens',
  ).meta({ description: 'Project id (not its display name or number).' }),
  region: text('a Google Cloud region such as us-central1').meta({ description: 'Region, such as `us-central1`.' }),
  network: text('the name of a VPC network')
    .optional()
    .meta({ description: 'An existing VPC network. Default: a network of its own.' }),
  dnsZone: text('the name of a Cloud DNS managed zone')
    .optional()
    .meta({ description: 'Cloud DNS managed zone that holds `domain.name`; lets agentctl create the record.' }),
  postgres: z
    .strictObject({
      tier: patternedText(/^db-[a-z0-9-]+$/i, 'a Cloud SQL tier such as db-custom-2-8192')
        .optional()
        .meta({ description: 'Cloud SQL tier, instead of `postgres.size`.' }),
    })
    .prefault({})
    .meta({ description: 'Native settings of the database.' }),
  search: z
    .strictObject({
      machineType: patternedText(/^[a-z][a-z0-9]*-[a-z0-9-]+$/, 'a machine type such as e2-standard-4')
        .optional()
        .meta({ description: 'Compute Engine machine type, instead of `search.size`.' }),
    })
    .prefault({})
    .meta({ description: 'Native settings of the search nodes.' }),
});

/** Settings of the Google Cloud target. */
export type GcpSpec = z.output<typeof gcpSchema>;
