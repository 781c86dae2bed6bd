/** What is asked of gcloud: the command and its own arguments, `['secrets', 'describe', 'x']`. */
export type GcloudWords = readonly [string, ...string[]];

/** Pure: a whole command line; `fields`: what of the answer is asked for. Values of secrets are never part of one: they go in by standard input. */
export function gcloudArgv(
  words: GcloudWords,
  project: string | undefined,
  fields?: string,
): readonly [string, ...string[]] {
  const format = fields === undefined ? 'json' : `json(${fields})`;
  return [
    'gcloud',
    ...words,
    ...(project === undefined ? [] : [`--project=${project}`]),
    `--format=${format}`,
    '--quiet',
  ];
}

/** Pure: `a=1,b=2`, as flags of gcloud take a dictionary (`gcloud topic escaping`: with a delimiter of its own if need be). */
export function dictionaryText(entries: Readonly<Record<string, string | number>>): string {
  return listText(Object.entries(entries).map(([key, value]) => `${key}=${value}`));
}

/** Pure: a list as flags of gcloud take it; a comma in an item changes the delimiter. */
export function listText(items: readonly string[]): string {
  if (!items.some((item) => item.includes(',')) && items[0]?.startsWith('^') !== true) return items.join(',');
  const delimiter = ['|', ';', '#', '@', '~', '::', '%%', '@@', '||'].find(
    (one) => !items.some((item) => item.includes(one)),
  );
  if (delimiter === undefined) throw new Error('no delimiter is left for a list of gcloud');
  return `^${delimiter}^${items.join(delimiter)}`;
}
