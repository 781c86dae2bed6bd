import { cp, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { type Configuration, policyFindings, resourcesOf } from '../../stacks/gcp/policy/index.js';
import { conditions } from '../support/gcp/conditions.js';
import { hasTerraform, shadowProblems } from '../support/gcp/shadow-validate.js';
import { installPacked } from '../support/packed-package.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const repository = resolve(import.meta.dirname, '../..');
/** Optional peers of agentctl, which a team has in its own versions; the app's compiler and types. */
const linked = ['@cdktf/provider-google', 'cdktf', 'constructs', '@types/node', 'undici-types'];

test('a plain CDKTF app takes constructs from the packed tarball, and node alone synthesizes it', async () => {
  const directory = await temporaryDirectory();
  const app = join(directory, 'app');
  await cp(join(repository, 'examples/own-stack-gcp'), app, { recursive: true });
  await installPacked(directory, app, linked);

  await execa(join(repository, 'node_modules/.bin/tsc'), [], { cwd: app });
  await execa(process.execPath, ['dist/app.js'], { cwd: app });

  const text = await readFile(join(app, 'cdktf.out/stacks/chat/cdk.tf.json'), 'utf8');
  const configuration = JSON.parse(text) as Configuration;
  expect(resourcesOf(configuration).map(([address]) => address)).toEqual(
    expect.arrayContaining(['google_sql_database_instance.Postgres']),
  );
  for (const type of ['google_compute_network', 'google_cloud_run_v2_service', 'google_compute_url_map'])
    expect(resourcesOf(configuration, type)).not.toEqual([]);
  expect(policyFindings(configuration)).toEqual([]);
  const broken = conditions.flatMap(({ type, what, holds }) =>
    resourcesOf(configuration, type)
      .filter(([, values]) => !holds(values))
      .map(([address]) => `${address}: ${what}`),
  );
  expect(broken).toEqual([]);
  if (hasTerraform()) expect(await shadowProblems(configuration)).toEqual([]);
});
