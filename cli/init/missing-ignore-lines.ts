import dockerignore from '@balena/dockerignore';

/** What no image may hold, with a path that stands for it. */
const wanted = [
  ['.env', '.env'],
  ['.git', '.git/config'],
  ['.agentctl', '.agentctl/state'],
] as const;

/** Pure: the lines that a .dockerignore lacks, by what it lets through and not by how it is written. */
export function missingIgnoreLines(text: string): readonly string[] {
  const ignore = dockerignore.default({ ignorecase: false }).add(text.split('\n'));
  return wanted.flatMap(([line, path]) => (ignore.ignores(path) ? [] : [line]));
}
