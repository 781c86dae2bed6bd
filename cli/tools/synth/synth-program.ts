import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The start of a command line. */
type Argv = readonly [string, ...string[]];

/**
 * How the program is started that turns a spec into templates of a cloud: the bundle beside this one, or its source when
 * this is source. It is a program of its own, so that no cloud library is ever loaded here.
 */
export function synthProgram(cloud: 'aws'): Argv {
  if (!import.meta.url.endsWith('.ts')) {
    return [process.execPath, fileURLToPath(new URL(`../../bin/synth-${cloud}.cjs`, import.meta.url))];
  }
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const program = fileURLToPath(new URL(`../../../bin/synth-${cloud}.ts`, import.meta.url));
  return [process.execPath, '--import', loader, program];
}
