import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import type { TestContext } from 'vitest';

/** A file system that holds `mebibytes` and no more, gone when the test ends. Skips the test where it cannot be made. */
export function tinyDisk(context: TestContext, directory: string, mebibytes: number): string {
  mkdirSync(directory, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', directory], { stdio: 'ignore' });
  } catch {
    context.skip('mounting needs root on Linux');
  }
  context.onTestFinished(() => {
    execFileSync('umount', [directory]);
    rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}
