import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Programs that are put in front of the real ones, and write down how they are called. */
export interface RecordedPrograms {
  /** To put in front of the PATH. */
  readonly directory: string;
  /** Every command line, and what Terraform printed of a plan or of a state. */
  written(): readonly string[];
}

/** Writes down its words, then becomes the program; what Terraform shows of a plan is kept as well. */
const script = (name: string, command: readonly string[], log: string): string => `#!/bin/sh
printf '%s\\n' "$*" >> '${log}/${name}.argv'
case "${name} $1" in
  'terraform show') ${quoted(command)} "$@" > '${log}'/shown.$$; code=$?; cat '${log}'/shown.$$; exit $code ;;
esac
exec ${quoted(command)} "$@"
`;

/** Puts recorders of programs, by name with their command line, into a directory. */
export function recordPrograms(root: string, programs: Readonly<Record<string, readonly string[]>>): RecordedPrograms {
  const [directory, log] = [join(root, 'bin'), join(root, 'recorded')];
  mkdirSync(directory, { recursive: true });
  mkdirSync(log, { recursive: true });
  for (const [name, command] of Object.entries(programs)) {
    const file = join(directory, name);
    writeFileSync(file, script(name, command, log));
    chmodSync(file, 0o755);
  }
  return {
    directory,
    written: () => readdirSync(log).map((name) => readFileSync(join(log, name), 'utf8')),
  };
}

function quoted(command: readonly string[]): string {
  return command.map((word) => `'${word}'`).join(' ');
}
