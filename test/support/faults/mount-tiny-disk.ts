import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** A file system of its own in a directory, so small that it can be filled. Throws where it may not be mounted. */
export function mountTinyDisk(directory: string, mebibytes: number): { unmount(): void } {
  mkdirSync(directory, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=700`, 'tmpfs', directory], { stdio: 'ignore' });
  return { unmount: () => void execFileSync('umount', [directory]) };
}

/** Whether it may be mounted here. */
export function canMount(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0;
}
