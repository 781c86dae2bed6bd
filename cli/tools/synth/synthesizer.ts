import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AgentctlError, isAgentctlError } from '../../errors.js';
import { passedEnvironment } from '../process/passed-environment.js';
import { programCommand } from '../programs/program-command.js';
import { run } from '../run.js';

/** Templates on the disk, for one plan or step. */
export interface Assembly {
  /** Absolute. */
  readonly directory: string;
  /** The template of a stack, parsed; undefined: the assembly has no such stack. */
  template(stack: string): Promise<unknown>;
}

/** Turns requests into assemblies. */
export interface Synthesizer {
  /** The same request is synthesized once. @throws BuildFailed with what the program said */
  assembly(request: object, signal: AbortSignal): Promise<Assembly>;
  /** Removes all assemblies. */
  dispose(): Promise<void>;
}

export interface SynthesizerOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute; assemblies lie below it until {@link Synthesizer.dispose}. */
  readonly workDirectory: string;
}

/** Synthesizes for AWS in a process of its own, which needs neither credentials nor a network. */
export function synthesizer({ environment, workDirectory }: SynthesizerOptions): Synthesizer {
  const made = new Map<string, Promise<Assembly>>();
  const directories: string[] = [];
  const make = async (request: object, signal: AbortSignal): Promise<Assembly> => {
    await mkdir(workDirectory, { recursive: true, mode: 0o700 });
    const directory = await mkdtemp(join(workDirectory, 'synth-'));
    directories.push(directory);
    await synthesizeAws({ ...request, outdir: directory }, environment, signal);
    return { directory, template: async (stack) => await readTemplate(join(directory, `${stack}.template.json`)) };
  };
  return {
    async assembly(request, signal) {
      const key = createHash('sha256').update(JSON.stringify(request)).digest('hex');
      const known = made.get(key) ?? make(request, signal);
      made.set(key, known);
      return await known.catch((error: unknown) => {
        made.delete(key);
        throw error;
      });
    },
    async dispose() {
      made.clear();
      const left = directories.splice(0);
      await Promise.all(left.map(async (directory) => await rm(directory, { recursive: true, force: true })));
    },
  };
}

/**
 * Runs `bin/synth-aws` on one request, which names its output directory.
 *
 * @throws BuildFailed with what the program said
 */
export async function synthesizeAws(
  request: object,
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<void> {
  const argv = programCommand('synth-aws');
  const { XDG_CACHE_HOME: cache } = environment;
  const env = { ...passedEnvironment(environment), ...(cache === undefined ? {} : { XDG_CACHE_HOME: cache }) };
  try {
    await run({ argv, env, input: JSON.stringify(request) }, { signal });
  } catch (error) {
    if (signal.aborted || !isAgentctlError(error) || error.code !== 'ToolFailed') throw error;
    throw new AgentctlError('BuildFailed', 'the templates for AWS could not be synthesized', {
      fix: 'read the lines above; `agentctl validate --cloud aws` checks the file. If it is valid, please report this',
      ...(error.detail === undefined ? {} : { detail: error.detail }),
      cause: error,
    });
  }
}

async function readTemplate(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}
