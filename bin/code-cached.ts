import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire, wrap } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

/** Set by bundle.mjs, which makes a copy of this file for each program: its name, and a hash of its text. */
declare const PROGRAM: { readonly name: string; readonly identity: string };

const file = join(__dirname, 'programs', `${PROGRAM.name}.cjs`);
const cacheDirectory = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'agentctl', 'code');
// V8 compares no more than the length of a text with what it has cached: the identity is in the name.
const cache = join(cacheDirectory, `${PROGRAM.name}-${PROGRAM.identity}-${process.version}-${process.arch}`);

/** What is only a matter of speed: without it the next run is slower, not different. */
function attempt<R>(work: () => R): R | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

const cachedData = attempt(() => readFileSync(cache));
// esbuild writes ASCII, which is read faster as such.
const script = new Script(wrap(readFileSync(file, 'latin1')), { filename: file, ...(cachedData && { cachedData }) });
if (cachedData === undefined || script.cachedDataRejected === true) {
  // At the end, so that it holds the functions that were called.
  process.once('exit', () =>
    attempt(() => {
      mkdirSync(cacheDirectory, { recursive: true, mode: 0o700 });
      writeFileSync(`${cache}.${process.pid}`, script.createCachedData(), { mode: 0o600 });
      renameSync(`${cache}.${process.pid}`, cache);
    }),
  );
}
const module = { exports: {} };
script.runInThisContext().call(module.exports, module.exports, createRequire(file), module, file, dirname(file));
