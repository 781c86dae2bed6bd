import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, posix, resolve } from 'node:path';
import type { DirectoryListing } from './directory-listing.js';

/** Bounds that a repository of ordinary size does not reach; beyond them the rest is not looked at. */
const most = { files: 5_000, depth: 6, texts: 1_200, bytesPerText: 262_144 };

/** What others wrote or a build made; nothing in them says how to run this. */
const skipped =
  /^(?:\..*|node_modules|venv|env|site-packages|__pycache__|dist|build|out|target|vendor|coverage|.*\.egg-info)$/;

const manifests =
  /^(?:pyproject\.toml|.*requirements.*\.(?:txt|in)|package\.json|Dockerfile.*|alembic\.ini|langgraph\.json|manage\.py)$/;
const exampleEnvironment = /^\.env\.(?:example|sample|template|dist)$|^(?:example|sample)\.env$/;
const source = /\.(?:py|[cm]?[jt]sx?|sql)$/;

/** Lists a directory and reads what a proposal is made from. Follows no symbolic link. */
export async function readListing(directory: string): Promise<DirectoryListing> {
  const paths: string[] = [];
  const walk = async (below: string, depth: number): Promise<void> => {
    const entries = await readdir(join(directory, below), { withFileTypes: true });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = posix.join(below, entry.name);
      if (entry.isFile() && paths.length < most.files) paths.push(path);
      if (entry.isDirectory() && depth < most.depth && !skipped.test(entry.name)) await walk(path, depth + 1);
    }
  };
  await walk('', 0);
  return {
    name: basename(resolve(directory)),
    prefix: '',
    paths: paths.toSorted(),
    texts: await readTexts(directory, paths),
  };
}

async function readTexts(directory: string, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const wanted = paths
    .filter((path) => rank(path) < Infinity)
    .toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .slice(0, most.texts);
  const texts = new Map<string, string>();
  for (const path of wanted) {
    const file = join(directory, path);
    if ((await stat(file)).size <= most.bytesPerText) texts.set(path, await readFile(file, 'utf8'));
  }
  return texts;
}

/** What to read first: manifests, then sources from the top down; other files not at all. */
function rank(path: string): number {
  const name = posix.basename(path);
  if (manifests.test(name) || exampleEnvironment.test(name)) return 0;
  return source.test(name) ? path.split('/').length : Infinity;
}
