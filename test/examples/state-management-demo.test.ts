import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { loadSpec } from '../../cli/config/load-spec.js';
import type { AgentSpec } from '../../stacks/spec/index.js';
import { runCli } from '../support/cli-host.js';

const directory = resolve('examples/state-management-demo');

const specOf = async (stage: string): Promise<AgentSpec> => {
  const loaded = await loadSpec({ directory, stage, stdin: () => Promise.resolve('') });
  if (loaded.kind === 'invalid') throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
  return loaded.spec;
};

/** What a target does in its own way is said, and no problem. */
const withoutNotes = (text: string): string => text.replaceAll(/^.* on AWS, .* means: .*\n/gm, '');

test.each([
  { args: [], says: 'agentctl.yaml is valid (stages production, gcp, azure; aws)' },
  { args: ['--cloud', 'aws'], says: 'agentctl.yaml is valid (stages production, gcp, azure; aws)' },
  { args: ['--cloud', 'gcp', '--stage', 'gcp'], says: 'agentctl.yaml is valid (stage gcp; gcp)' },
  { args: ['--cloud', 'azure', '--stage', 'azure'], says: 'agentctl.yaml is valid (stage azure; azure)' },
])('validate $args', async ({ args, says }) => {
  const run = await runCli(['validate', '-C', directory, ...args]);

  expect({
    exitCode: run.exitCode,
    stdout: run.stdout.trim(),
    stderr: args.length > 2 ? '' : withoutNotes(run.stderr),
  }).toEqual({
    exitCode: 0,
    stdout: says,
    stderr: '',
  });
});

test('production has the sizes of the guide on AWS', async () => {
  const { postgres, search, services, clouds } = await specOf('production');

  expect(postgres).toMatchObject({
    version: 15,
    storage: { mebibytes: 100 * 1024 },
    database: 'agent_state',
    pooler: true,
  });
  expect(search).toMatchObject({ version: '2.11', nodes: 2, storage: { mebibytes: 100 * 1024 } });
  expect(services['api']).toMatchObject({
    size: { cpu: 1, memory: { mebibytes: 2048 } },
    scale: { min: 2, max: 10 },
    pool: { size: 20, overflow: 80 },
  });
  expect(clouds.aws).toMatchObject({
    region: 'us-east-1',
    postgres: { instanceClass: 'db.t3.medium' },
    search: { instanceType: 't3.medium.search' },
  });
});

test('the stages gcp and azure have the sizes of the guide there', async () => {
  const size = { cpu: 2, memory: { mebibytes: 4096 } };
  const gcp = await specOf('gcp');
  const azure = await specOf('azure');

  expect(gcp.services['api']).toMatchObject({ size, scale: { min: 2, max: 10 } });
  expect(gcp.postgres).toMatchObject({ maxConnections: 100 });
  expect(gcp.clouds.gcp).toMatchObject({ region: 'us-central1', postgres: { tier: 'db-custom-2-8192' } });
  expect(azure.services['api']).toMatchObject({ size, scale: { min: 2, max: 2 } });
  expect(azure.postgres).toMatchObject({ storage: { mebibytes: 128 * 1024 }, highAvailability: true });
  expect(azure.clouds.azure).toMatchObject({
    compute: 'aci',
    postgres: { skuName: 'GP_Standard_D2s_v3', geoRedundantBackup: true },
  });
});
