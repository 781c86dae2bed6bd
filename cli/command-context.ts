import type { Readable } from 'node:stream';
import type { Interrupt } from './interrupt.js';
import type { Io } from './io/io.js';

/** What every command gets from the process that runs it. */
export interface CommandContext {
  readonly io: Io;
  readonly interrupt: Interrupt;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** The command line as it was typed, for journal and lock. */
  readonly commandLine: string;
  /** Work to do when the command has ended, however it ends: connections to close, files to remove. */
  readonly atEnd: (work: () => Promise<void>) => void;
  readonly readStdin: () => Promise<string>;
  /** Standard input for a command that is run for the user: as it comes, and read only then. */
  readonly stdin: () => { readonly isTerminal: boolean; readonly stream: Readable };
}

/** Flags that every command has. Precedence is flag, then `AGENTCTL_*`, then the file; the first two are one by now. */
export interface CommonOptions {
  readonly directory?: string;
  readonly file?: string;
  readonly stage?: string;
  readonly cloud?: string;
  readonly verbose?: boolean;
  /** `[name=]ref@sha256:…`: images that are built elsewhere, in place of the file's. Of commands that read the file. */
  readonly image?: readonly string[];
}
