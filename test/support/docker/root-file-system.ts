import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

const suite = 'bookworm';

/** Names what a root file system is made of. */
export function rootFileSystemName(mirror: string): string {
  return `debian-${suite}-minbase-${createHash('sha256').update(mirror).digest('hex').slice(0, 8)}`;
}

/**
 * A minimal Debian as a tar file, made once and kept in the user's cache directory (`$XDG_CACHE_HOME/agentctl-test`).
 * Takes about 75 s of one core.
 *
 * @throws Error when debootstrap is not there or we are not root
 */
export async function rootFileSystem(mirror: string): Promise<string> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'agentctl-test');
  const file = join(cache, `${rootFileSystemName(mirror)}.tar`);
  if (existsSync(file)) return file;
  if (process.getuid?.() !== 0) throw new Error('building the base images needs root once: debootstrap makes devices');
  await mkdir(cache, { recursive: true });
  const scratch = await mkdtemp(join(tmpdir(), 'agentctl-debootstrap-'));
  const draft = `${file}.${process.pid}`;
  try {
    const root = join(scratch, 'root');
    await execa('debootstrap', ['--variant=minbase', suite, root, mirror], {
      env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
    });
    await execa('tar', ['--numeric-owner', '--exclude=./var/cache/apt/archives/*.deb', '-C', root, '-cf', draft, '.']);
    await rename(draft, file);
  } finally {
    await rm(scratch, { recursive: true, force: true });
    await rm(draft, { force: true });
  }
  return file;
}
