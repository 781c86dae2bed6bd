/** What is in a directory, as far as a proposal is made from it. */
export interface DirectoryListing {
  /** The name of the directory. */
  readonly name: string;
  /** Where the paths begin, for people: empty, or a directory with a slash at its end. */
  readonly prefix: string;
  /** Paths of files, relative, with `/`, sorted. */
  readonly paths: readonly string[];
  /** Contents of the files among them that were read. */
  readonly texts: ReadonlyMap<string, string>;
}

/** The part of a listing below a directory, as if that were all. */
export function listingBelow(listing: DirectoryListing, directory: string): DirectoryListing {
  if (directory === '.') return listing;
  const prefix = `${directory}/`;
  const below = (path: string): string[] => (path.startsWith(prefix) ? [path.slice(prefix.length)] : []);
  return {
    name: listing.name,
    prefix: `${listing.prefix}${prefix}`,
    paths: listing.paths.flatMap(below),
    texts: new Map([...listing.texts].flatMap(([path, text]) => below(path).map((short) => [short, text] as const))),
  };
}

/** Files with one of these endings, with their texts, except tests. */
export function sources(listing: DirectoryListing, endings: readonly string[]): readonly (readonly [string, string])[] {
  return [...listing.texts].filter(
    ([path]) =>
      endings.some((ending) => path.endsWith(ending)) &&
      !/(?:^|\/)(?:tests?|__tests__|examples?|docs)\/|(?:^|\/)test_|[._]test\.|\.spec\.|conftest\.py$/.test(path),
  );
}
