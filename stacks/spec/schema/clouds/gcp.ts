import * as z from 'zod';
import { flag, patternedText, text } from '../text.js';

const query = (expected: string, description: string, byDefault: string) =>
  z
    .string({ error: expected })
    .regex(/^[\w.~%=&-]*$/, { error: expected })
    .prefault(byDefault)
    .meta({ description });

const postgres = z.strictObject({
  tier: patternedText(/^db-[a-z0-9-]+$/i, 'a Cloud SQL tier such as db-custom-2-8192')
    .optional()
    .meta({ description: 'Cloud SQL tier, instead of `postgres.size`; `db-perf-optimized-N-…` is Enterprise Plus.' }),
  urlQuery: query(
    'a query such as sslmode=require, without "?"',
    'What `${postgres.url}` and `directUrl` end with. The database accepts TLS only; drivers have different words for it: `ssl=require` (asyncpg under SQLAlchemy), `sslmode=no-verify` (node-postgres). Its own CA is in the variable `AGENTCTL_POSTGRES_CA_CERT`.',
    'sslmode=require',
  ),
});

const search = z.strictObject({
  machineType: patternedText(/^[a-z][a-z0-9]*-[a-z0-9-]+$/, 'a machine type such as e2-standard-4')
    .optional()
    .meta({ description: 'Compute Engine machine type, instead of `search.size`.' }),
});

const cache = z.strictObject({
  urlQuery: query(
    'a query such as ssl_cert_reqs=none, without "?"',
    'What `${cache.url}`, and `${queue.url}` on Redis, end with. Memorystore accepts TLS only, with a CA of its own that is in the variable `AGENTCTL_CACHE_CA_CERT`. The default encrypts without checking it, in the words of redis-py.',
    'ssl_cert_reqs=none',
  ),
});

/** Settings of the Google Cloud target, in Google Cloud’s words. */
export const gcpSchema = z.strictObject({
  project: patternedText(
    /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
    'a project id of 6 to 30 lower-case letters, digits and hyphens',
  ).meta({ description: 'Project id (not its display name or number).' }),
  region: text('a Google Cloud region such as us-central1').meta({ description: 'Region, such as `us-central1`.' }),
  network: patternedText(/^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'the name of a VPC network')
    .optional()
    .meta({
      description:
        'An existing VPC network of the project, with private services access and a way out. Needs `subnetwork`. Default: a network of its own.',
    }),
  subnetwork: patternedText(/^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'the name of a subnetwork')
    .optional()
    .meta({ description: 'A subnetwork of `network` in the region, /26 or larger. Nothing is looked up.' }),
  dnsZone: text('the name of a Cloud DNS managed zone')
    .optional()
    .meta({ description: 'Cloud DNS managed zone that holds `domain.name`; lets agentctl create the record.' }),
  deletionProtection: flag().prefault(true).meta({
    description: 'Database, services and search nodes refuse to be deleted.',
  }),
  postgres: postgres.prefault({}).meta({ description: 'Native settings of the database.' }),
  search: search.prefault({}).meta({ description: 'Native settings of the search nodes.' }),
  cache: cache.prefault({}).meta({ description: 'Native settings of the cache.' }),
});

/** Settings of the Google Cloud target. */
export type GcpSpec = z.output<typeof gcpSchema>;
