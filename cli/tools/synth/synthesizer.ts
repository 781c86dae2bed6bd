import { createHash, randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AgentctlError, isAgentctlError } from '../../errors.js';
import { programCommand } from '../programs/program-command.js';
import { startProgram, type StartedProgram } from '../programs/start-program.js';
import { AssemblyStore } from './assembly-store.js';
import { withPartsOf } from './template-parts.js';
import { withNarrowed } from './narrowed-configuration.js';
import { type UnitedConfigurations, withUnited } from './united-configuration.js';
import { withTemplate } from './with-template.js';

/** Templates on the disk, for one plan or step. */
export interface Assembly {
  /** Absolute. */
  readonly directory: string;
  /** The template of a stack, parsed; undefined: the assembly has no such stack. */
  template(stack: string): Promise<unknown>;
}

/** What an assembly is made of: these two, and whatever else the program reads. */
export interface AssemblyRequest {
  readonly spec: unknown;
  readonly stage: string;
}

/** The template that a stack was deployed with. */
export interface OlderParts {
  readonly stack: string;
  readonly before: unknown;
}

/** Turns requests into assemblies. */
export interface Synthesizer {
  /** The same request is synthesized once, also by a later command. @throws BuildFailed with what the program said */
  assembly(request: AssemblyRequest, signal: AbortSignal): Promise<Assembly>;
  /** An assembly of that spec and stage, for what does not depend on anything else: the foundation. */
  anyAssembly(request: AssemblyRequest, signal: AbortSignal): Promise<Assembly>;
  /** Hands over the directory of an assembly in which a stack also has what only its template before has. */
  withParts<T>(assembly: Assembly, parts: OlderParts, use: (directory: string) => Promise<T>): Promise<T>;
  /** Hands over the directory of a Terraform configuration that also has what only the one before has, and whether that is anything. */
  united<T>(configurations: UnitedConfigurations, use: (directory: string, isMore: boolean) => Promise<T>): Promise<T>;
  /** Hands over the directory of a Terraform configuration that has only what is there already. */
  narrowed<T>(configuration: string, there: readonly string[], use: (directory: string) => Promise<T>): Promise<T>;
  /** Removes what no later command can use. */
  dispose(): Promise<void>;
}

export interface SynthesizerOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute; the newest assemblies lie in it. */
  readonly workDirectory: string;
  /** @default 'aws' */
  readonly cloud?: 'aws' | 'gcp';
  /** Command line of the program. @default - `bin/synth-<cloud>` */
  readonly argv?: readonly [string, ...string[]];
}

/** Synthesizes in a process of its own, which needs neither credentials nor a network. */
export function synthesizer(options: SynthesizerOptions): Synthesizer {
  const { environment, workDirectory, cloud = 'aws', argv = programCommand(`synth-${cloud}`) } = options;
  const store = new AssemblyStore(workDirectory);
  const ours = new Set<string>();
  const underWay = new Map<string, Promise<string>>();
  // Only a bundle says which version of everything it is: what its source makes is of this process alone.
  const isBundle = argv.at(-1)?.endsWith('.cjs') === true;
  let identity: Promise<string> | undefined;
  const nameOf = async (request: AssemblyRequest): Promise<{ readonly group: string; readonly name: string }> => {
    identity ??= isBundle ? readFile(argv.at(-1) ?? '', 'utf8') : Promise.resolve(randomUUID());
    const program = hashOf(await identity);
    const group = hashOf(JSON.stringify([program, request.spec, request.stage])).slice(0, 16);
    return { group, name: `${group}-${hashOf(JSON.stringify([program, request])).slice(0, 32)}` };
  };
  const make = async (name: string, request: AssemblyRequest, signal: AbortSignal): Promise<string> => {
    const known = await store.find(name);
    if (known !== undefined) return known;
    if (!isBundle) ours.add(name);
    return await store.make(name, async (outdir) => {
      const program = startProgram(`synth-${cloud}`, { argv, environment, signal });
      await synthesize(cloud, program, { ...request, outdir }, signal);
    });
  };
  const assembly = async (request: AssemblyRequest, signal: AbortSignal): Promise<Assembly> => {
    const { name } = await nameOf(request);
    const making = underWay.get(name) ?? make(name, request, signal);
    underWay.set(name, making);
    return assemblyIn(await making.finally(() => underWay.delete(name)));
  };
  return {
    assembly,
    async anyAssembly(request, signal) {
      const { group } = await nameOf(request);
      const found = await store.findNewest(`${group}-`);
      return found === undefined ? await assembly(request, signal) : assemblyIn(found);
    },
    async withParts(made, { stack, before }, use) {
      const template = withPartsOf(before, await made.template(stack));
      return await withTemplate({ directory: made.directory, stack, template }, use);
    },
    narrowed: async (configuration, there, use) => await withNarrowed(configuration, there, use),
    united: async (configurations, use) => await withUnited(configurations, use),
    async dispose() {
      const left = [...ours];
      ours.clear();
      await Promise.all(
        left.map(async (name) => await rm(join(workDirectory, name), { recursive: true, force: true })),
      );
    },
  };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function assemblyIn(directory: string): Assembly {
  return { directory, template: async (stack) => await readTemplate(join(directory, `${stack}.template.json`)) };
}

/** What the programs of each cloud write. */
const written = { aws: 'templates for AWS', gcp: 'Terraform configurations' } as const;

/**
 * Asks `bin/synth-<cloud>`, which was started before, for one request, which names its output directory.
 *
 * @throws BuildFailed with what the program said
 */
export async function synthesize(
  cloud: 'aws' | 'gcp',
  program: StartedProgram,
  request: object,
  signal: AbortSignal,
): Promise<void> {
  try {
    await program.ask(JSON.stringify(request));
  } catch (error) {
    if (signal.aborted || !isAgentctlError(error) || error.code !== 'ToolFailed') throw error;
    throw new AgentctlError('BuildFailed', `the ${written[cloud]} could not be synthesized`, {
      fix: `read the lines above; \`agentctl validate --cloud ${cloud}\` checks the file. If it is valid, please report this`,
      ...(error.detail === undefined ? {} : { detail: error.detail }),
      cause: error,
    });
  }
}

async function readTemplate(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}
