import { execa } from 'execa';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { prepareWorkDirectory } from '../../../../cli/tools/terraform/work-directory.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';
import { hasTerraform } from './terraform-on-data.js';

const root = resolve(import.meta.dirname, '../../../..');

/** A mirror as `terraform providers mirror` lays it out, with something that only looks like a provider. */
async function mirrorOf(directory: string, version: string, platform: string): Promise<string> {
  const place = join(directory, 'mirror/registry.terraform.io/hashicorp/google', version, platform);
  await mkdir(place, { recursive: true });
  const program = join(place, `terraform-provider-google_v${version}_x5`);
  await writeFile(program, '#!/bin/sh\nexit 1\n');
  await chmod(program, 0o755);
  return join(directory, 'mirror');
}

test.skipIf(!hasTerraform)('npm run lock:gcp writes checksums of the version that configurations pin', async () => {
  const directory = await temporaryDirectory();
  const { version } = await pinned();
  const platform = 'linux_amd64';
  const mirror = await mirrorOf(directory, version, platform);
  const output = join(directory, 'terraform.lock.hcl');
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: directory,
    CHECKPOINT_DISABLE: '1',
    TF_CLI_CONFIG_FILE: '/dev/null',
  };
  const lock = await execa(
    process.execPath,
    ['lock-gcp.mjs', '--mirror', mirror, '--platform', platform, '--output', output],
    { cwd: root, env, extendEnv: false, reject: false, all: true },
  );

  expect(lock.exitCode, lock.all).toBe(0);
  const text = await readFile(output, 'utf8');
  expect(text).toContain('provider "registry.terraform.io/hashicorp/google"');
  expect(text).toContain(`version     = "${version}"`);
  expect(text).toMatch(/"h1:[^"]+"/);

  // With it, init takes that provider and no other.
  const cliConfig = join(directory, 'terraformrc');
  await writeFile(
    cliConfig,
    `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
  );
  const configuration = join(directory, 'configuration');
  await mkdir(configuration);
  const google = { source: 'hashicorp/google', version };
  await writeFile(
    join(configuration, 'cdk.tf.json'),
    JSON.stringify({ terraform: { required_providers: { google } } }),
  );
  const init = async (name: string) => {
    const path = join(directory, name);
    const prepared = await prepareWorkDirectory(path, { name: 'foundation', configuration }, output);
    expect(prepared.hasLockFile).toBe(true);
    return await execa('terraform', ['init', '-input=false', '-no-color', '-lockfile=readonly'], {
      cwd: path,
      env: { ...env, TF_CLI_CONFIG_FILE: cliConfig },
      extendEnv: false,
      reject: false,
      all: true,
    });
  };
  const good = await init('good');
  expect(good.exitCode, good.all).toBe(0);
  const place = join(mirror, 'registry.terraform.io/hashicorp/google', version, platform);
  await writeFile(join(place, `terraform-provider-google_v${version}_x5`), '#!/bin/sh\nexit 2\n');
  const swapped = await init('swapped');
  expect(swapped.exitCode).not.toBe(0);
  expect(swapped.all).toMatch(/checksum|doesn't match any of the/);

  // A mirror without it, and no registry, is an error, and writes nothing.
  const empty = join(directory, 'empty');
  await mkdir(empty);
  const missing = join(directory, 'missing.hcl');
  const failed = await execa(
    process.execPath,
    ['lock-gcp.mjs', '--mirror', empty, '--platform', platform, '--output', missing],
    { cwd: root, env, extendEnv: false, reject: false, all: true },
  );
  expect(failed.exitCode).not.toBe(0);
  await expect(readFile(missing)).rejects.toThrow('ENOENT');
});

/** What the bindings say. */
async function pinned(): Promise<{ readonly version: string }> {
  const { GoogleProvider } = await import('@cdktf/provider-google/lib/provider/index.js');
  const { TerraformStack, Testing } = await import('cdktf');
  const stack = new TerraformStack(Testing.app({ stackTraces: false }), 'Pinned');
  new GoogleProvider(stack, 'google', { project: 'p' });
  const { terraform } = JSON.parse(Testing.synth(stack)) as {
    terraform: { required_providers: { google: { version: string } } };
  };
  return terraform.required_providers.google;
}
