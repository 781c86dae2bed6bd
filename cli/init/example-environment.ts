import { posix } from 'node:path';
import type { DirectoryListing } from './directory-listing.js';

/** A line of an example environment file. */
export interface ExampleVariable {
  readonly name: string;
  readonly value: string;
}

/** The variables of all `.env.example` files and the like, each name once. */
export function exampleVariables({ texts }: DirectoryListing): readonly ExampleVariable[] {
  const found = new Map<string, ExampleVariable>();
  for (const [path, text] of texts) {
    if (!/env/.test(posix.basename(path)) || !/example|sample|template|dist/.test(posix.basename(path))) continue;
    for (const variable of parseExample(text)) if (!found.has(variable.name)) found.set(variable.name, variable);
  }
  return [...found.values()];
}

/** Pure: `NAME=value` lines; a value in quotes loses them, one without loses its comment. */
export function parseExample(text: string): readonly ExampleVariable[] {
  return [...text.matchAll(/^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*(.*?)[ \t\r]*$/gm)].map(
    ([, name = '', rest = '']) => {
      const quoted = /^(["'])(.*?)\1/.exec(rest);
      return { name, value: quoted?.[2] ?? rest.replace(/(?:^|\s+)#.*$/, '') };
    },
  );
}
