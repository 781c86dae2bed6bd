import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { passedEnvironment } from '../process/passed-environment.js';

/** Programs that carry a cloud library, so that the CLI never loads one: they are children, which end with their work. */
export type ProgramName = 'synth-aws' | 'validate-aws' | 'synth-gcp';

/** Command line of `bin/<name>`: the bundle beside the bundled CLI, the source through tsx beside its source. */
export function programCommand(name: ProgramName): readonly [string, ...string[]] {
  if (!import.meta.url.endsWith('.ts')) {
    // This file is then dist/cli/bundle/<chunk>.js.
    return [process.execPath, fileURLToPath(new URL(`../../bin/${name}.cjs`, import.meta.url))];
  }
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return [process.execPath, '--import', tsx, fileURLToPath(new URL(`../../../bin/${name}.ts`, import.meta.url))];
}

/** The environment of such a program: no credentials, but where it keeps what it has compiled (`bin/code-cached.ts`). */
export function programEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const { XDG_CACHE_HOME: cache } = environment;
  return { ...passedEnvironment(environment), ...(cache === undefined ? {} : { XDG_CACHE_HOME: cache }) };
}
