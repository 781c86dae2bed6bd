// Writes stacks/gcp/terraform.lock.hcl: checksums of Google's provider, of the version that the bindings were made for, for the
// platforms that agentctl runs on. Asks the registry of Terraform, or a mirror: `npm run lock:gcp -- --mirror DIRECTORY`.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    mirror: { type: 'string' },
    platform: {
      type: 'string',
      multiple: true,
      default: ['linux_amd64', 'linux_arm64', 'darwin_amd64', 'darwin_arm64', 'windows_amd64'],
    },
    output: { type: 'string', default: join(import.meta.dirname, 'stacks/gcp/terraform.lock.hcl') },
  },
});

/** The version that every configuration pins, as the bindings write it. */
const provider = createRequire(import.meta.url).resolve('@cdktf/provider-google/lib/provider/index.js');
const version = /providerVersion: '([\d.]+)'/.exec(readFileSync(provider, 'utf8'))?.[1];
if (version === undefined) throw new Error('the bindings name no version of the provider');

const directory = mkdtempSync(join(tmpdir(), 'agentctl-lock-'));
try {
  const google = { source: 'hashicorp/google', version };
  writeFileSync(join(directory, 'main.tf.json'), JSON.stringify({ terraform: { required_providers: { google } } }));
  const words = [
    'providers',
    'lock',
    ...values.platform.map((platform) => `-platform=${platform}`),
    ...(values.mirror === undefined ? [] : [`-fs-mirror=${resolve(values.mirror)}`]),
  ];
  const { status, error } = spawnSync('terraform', words, { cwd: directory, stdio: 'inherit' });
  if (error !== undefined) throw error;
  if (status === 0) copyFileSync(join(directory, '.terraform.lock.hcl'), values.output);
  process.exitCode = status ?? 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
