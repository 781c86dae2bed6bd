import * as z from 'zod';
import type { DirectoryListing } from './directory-listing.js';

const packageJson = z.object({
  name: z.string().catch(''),
  main: z.string().catch(''),
  engines: z.object({ node: z.string() }).catch({ node: '' }),
  scripts: z.record(z.string(), z.string()).catch({}),
  dependencies: z.record(z.string(), z.unknown()).catch({}),
  devDependencies: z.record(z.string(), z.unknown()).catch({}),
});

/** What a package.json says. */
export interface NodePackage {
  readonly name: string;
  readonly main: string;
  /** The range in `engines.node`; empty when there is none. */
  readonly engines: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: ReadonlySet<string>;
  readonly devDependencies: ReadonlySet<string>;
}

/** The package.json of a listing; undefined when there is none that can be read. */
export function nodePackage(listing: DirectoryListing): NodePackage | undefined {
  const text = listing.texts.get('package.json');
  if (text === undefined) return undefined;
  const parsed = packageJson.safeParse(jsonOrUndefined(text));
  if (!parsed.success) return undefined;
  const { name, main, engines, scripts, dependencies, devDependencies } = parsed.data;
  return {
    name,
    main,
    engines: engines.node,
    scripts,
    dependencies: new Set(Object.keys(dependencies)),
    devDependencies: new Set(Object.keys(devDependencies)),
  };
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
