// Exits with 0 when dist/ is newer than all that it is made of: `npm ci` has just built, and `npm test` need not do so again.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const sources = [
  'bin',
  'cli',
  'constructs',
  'stacks',
  'bundle.mjs',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];
// What bundle.mjs writes last.
const result = 'dist/stacks/aws/bootstrap-template.json';

function changedAt(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  // A directory changes when a file comes or goes.
  const inside = found?.isDirectory() ? readdirSync(path).map((name) => changedAt(join(path, name))) : [];
  return Math.max(found?.mtimeMs ?? 0, ...inside);
}

process.exitCode = changedAt(result) > Math.max(...[...sources, 'tsconfig.build.json'].map(changedAt)) ? 0 : 1;
