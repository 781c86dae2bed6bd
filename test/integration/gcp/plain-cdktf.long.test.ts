import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { cdktfCommand } from '../../support/cdktf-command.js';
import { cliEntry, plainEnvironment } from '../../support/local-cli.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const root = resolve(import.meta.dirname, '../../..');
const command = cdktfCommand();
const stage = 'gcp';
if (command === undefined)
  console.warn('skipped: there is no cdktf; npm install cdktf-cli@0.21.0 elsewhere, and name it with AGENTCTL_CDKTF');

/** Configurations by the name of their directory. */
async function configurationsIn(directory: string): Promise<Record<string, unknown>> {
  const names = (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const read = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(directory, name, 'cdk.tf.json'), 'utf8'));
  return Object.fromEntries(
    await Promise.all(
      names.map(async ({ name }) => [name.slice(name.lastIndexOf('-') + 1), await read(name)] as const),
    ),
  );
}

test.skipIf(command === undefined)('plain `cdktf synth` writes the configurations of `agentctl synth`', async () => {
  const home = await temporaryDirectory();
  const file = join(root, 'examples/state-management-demo/agentctl.yaml');
  const env = { ...plainEnvironment(home), CHECKPOINT_DISABLE: '1', CI: 'true' };
  // cdktf writes beside cdktf.json: a directory of its own, with what that file names.
  const project = join(home, 'project');
  await mkdir(join(project, 'dist'), { recursive: true });
  await cp(join(root, 'cdktf.json'), join(project, 'cdktf.json'));
  await cp(join(root, 'dist/bin'), join(project, 'dist/bin'), { recursive: true });
  const options = { cwd: project, extendEnv: false, reject: false, all: true } as const;

  const plain = await execa(command ?? '', ['synth'], {
    ...options,
    env: { ...env, AGENTCTL_FILE: file, AGENTCTL_STAGE: stage },
  });
  const argv = [
    ...cliEntry().nodeArguments,
    'synth',
    '--cloud',
    'gcp',
    '-s',
    stage,
    '-f',
    file,
    '-o',
    join(home, 'out'),
  ];
  const ours = await execa(process.execPath, argv, { ...options, env });

  expect(plain.exitCode, plain.all).toBe(0);
  expect(ours.exitCode, ours.all).toBe(0);
  const configurations = await configurationsIn(join(project, 'cdktf.out/stacks'));
  expect(Object.keys(configurations).toSorted()).toEqual(['foundation', 'migrations', 'service']);
  expect(await configurationsIn(join(home, 'out'))).toEqual(configurations);
});
