import { mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';

const repository = resolve(import.meta.dirname, '../..');

/**
 * What `npm install agentctl-0.1.0.tgz` puts into an app, without what the app does not import: no registry is asked.
 * `linked`: packages that the app brings itself, taken from this repository.
 */
export async function installPacked(directory: string, app: string, linked: readonly string[]): Promise<void> {
  // Built before the long tests.
  const packed = await execa('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', directory], {
    cwd: repository,
  });
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
  const modules = join(app, 'node_modules');
  await rm(modules, { recursive: true, force: true });
  await mkdir(join(modules, 'agentctl'), { recursive: true });
  await execa('tar', ['-xzf', join(directory, filename), '--strip-components=1', '-C', join(modules, 'agentctl')]);
  for (const name of linked) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(repository, 'node_modules', name), join(modules, name));
  }
}
