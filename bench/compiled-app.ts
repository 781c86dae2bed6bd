import { resolve } from 'node:path';

/** A synthesis program as anybody would compile it: our code in one file, the cloud library as npm installed it. */
export async function compiledApp(program: string): Promise<string> {
  const { build } = await import('esbuild');
  const outfile = resolve(`dist/bench/${program}.cjs`);
  await build({
    entryPoints: [`bin/${program}.ts`],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    logLevel: 'warning',
  });
  return outfile;
}
