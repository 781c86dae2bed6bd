import { dirname, resolve } from 'node:path';
import { findFile } from './find-file.js';
import { parseYaml, type ParsedYaml } from './parse-yaml.js';
import type { ConfigProblem } from './problem.js';
import { readConfig } from './read.js';

/** Where to look for the config file. */
export interface ConfigLocation {
  readonly directory: string;
  /** A path relative to `directory`, or `-` for standard input. @default agentctl.yaml or agentctl.yml in `directory` */
  readonly file?: string | undefined;
  /** Read when `file` is `-`. */
  readonly stdin?: (() => Promise<string | Uint8Array>) | undefined;
}

/** A config file that was read and parsed as YAML, for better or worse. */
export interface OpenConfig {
  /** As it was named; `-` for standard input. */
  readonly file: string;
  /** Absolute directory that paths in the file are relative to. */
  readonly directory: string;
  readonly yaml: ParsedYaml;
}

/** An open config file, or why there is none. */
export type OpenResult =
  | { readonly kind: 'open'; readonly config: OpenConfig }
  | { readonly kind: 'invalid'; readonly file: string; readonly problems: readonly ConfigProblem[] };

/** Finds, reads and parses the config file. */
export async function openConfig(location: ConfigLocation): Promise<OpenResult> {
  const found = await findFile(location.directory, location.file);
  const { file, path } = found;
  const read = await readConfig(found, location.stdin ?? (async () => ''));
  if (read.kind === 'unreadable') return { kind: 'invalid', file, problems: [read.problem] };
  const directory = path === undefined ? resolve(location.directory) : dirname(resolve(path));
  return { kind: 'open', config: { file, directory, yaml: parseYaml(read.text) } };
}
