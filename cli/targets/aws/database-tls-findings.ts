import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type AgentSpec, imageSources } from '../../../stacks/spec/index.js';
import type { Finding } from '../target.js';

/** What node-postgres takes for an order to check the certificate (pg-connection-string, `sslmode`). */
const checkedBy = /(?:^|&)(?:sslmode=(?:require|prefer|verify-ca|verify-full)|ssl=true)(?:&|$)/;
/** How the certificates of RDS get to Node: by a variable, or by a file that the address names. */
const bundled = /NODE_EXTRA_CA_CERTS|--use-openssl-ca|global-bundle\.pem/;

/**
 * node-postgres checks the certificate where libpq does not, and RDS has one of an authority that no image knows: the first
 * task would end with "self-signed certificate in certificate chain".
 */
export async function databaseTlsFindings(spec: AgentSpec, directory: string): Promise<readonly Finding[]> {
  const urlQuery = spec.clouds.aws?.postgres.urlQuery ?? '';
  if (spec.postgres?.kind !== 'managed' || !checkedBy.test(urlQuery) || urlQuery.includes('sslrootcert=')) return [];
  if (Object.hasOwn(spec.env, 'NODE_EXTRA_CA_CERTS')) return [];
  const found = await Promise.all(
    Object.values(imageSources(spec)).map(async (image) => {
      if (image.kind === 'ref') return [];
      const context = resolve(directory, image.context);
      const [manifest, dockerfile] = await Promise.all([
        textOf(resolve(context, 'package.json')),
        textOf(resolve(context, image.dockerfile)),
      ]);
      return /"(?:pg|postgres)"\s*:/.test(manifest) && !bundled.test(dockerfile) ? [image.dockerfile] : [];
    }),
  );
  return [...new Set(found.flat())].map((dockerfile) => ({
    level: 'warning',
    subject: 'database',
    message: `node-postgres checks the certificate of the database with "${urlQuery}", and ${dockerfile} brings none of RDS along`,
    fix: 'add the certificates of RDS to the image (docs/aws.md, "TLS to the database"), or set clouds.aws.postgres.urlQuery: sslmode=no-verify',
  }));
}

async function textOf(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch(() => '');
}
