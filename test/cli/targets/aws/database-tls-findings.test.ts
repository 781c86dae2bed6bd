import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { databaseTlsFindings } from '../../../../cli/targets/aws/database-tls-findings.js';
import { agentSchema, type AgentSpec } from '../../../../stacks/spec/index.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const specOf = (postgres: object, more: object = {}): AgentSpec =>
  agentSchema.parse({
    name: 'agent',
    services: { api: { port: 80 } },
    postgres: {},
    clouds: { aws: { region: 'us-east-1', postgres } },
    ...more,
  });

async function agent(dockerfile: string, dependencies: object): Promise<string> {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'Dockerfile'), dockerfile);
  await writeFile(join(directory, 'package.json'), JSON.stringify({ dependencies }));
  return directory;
}

const node = 'FROM node:22\n';

test('node-postgres without the certificates of RDS is warned of', async () => {
  const findings = await databaseTlsFindings(specOf({}), await agent(node, { pg: '8' }));
  expect(findings).toMatchObject([
    { level: 'warning', message: expect.stringContaining('"sslmode=require"') as string },
  ]);
});

test.each([
  ['the image has them', node + 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/rds.pem\n', { pg: '8' }, {}, {}],
  ['the file names them', node, { pg: '8' }, {}, { env: { NODE_EXTRA_CA_CERTS: '/etc/ssl/rds.pem' } }],
  ['the address names them', node, { pg: '8' }, { urlQuery: 'sslmode=verify-full&sslrootcert=/etc/ssl/rds.pem' }, {}],
  ['nothing is checked', node, { pg: '8' }, { urlQuery: 'sslmode=no-verify' }, {}],
  ['another driver is used', node, { express: '5' }, {}, {}],
  ['there is no database', node, { pg: '8' }, {}, { postgres: undefined }],
])('not when %s', async (_, dockerfile, dependencies, postgres, more) => {
  expect(await databaseTlsFindings(specOf(postgres, more), await agent(dockerfile, dependencies))).toEqual([]);
});
