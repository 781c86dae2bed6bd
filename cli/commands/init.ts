import { readFile, stat } from 'node:fs/promises';
import { join, posix, relative, resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { TargetKind } from '../../stacks/spec/index.js';
import { chosenTarget } from '../chosen-target.js';
import type { CommandContext, CommonOptions } from '../command-context.js';
import { AgentctlError, hasSystemCode } from '../errors.js';
import { isAgentName } from '../init/agent-name.js';
import { withIgnoredState } from '../init/ignore-line.js';
import { missingIgnoreLines } from '../init/missing-ignore-lines.js';
import type { Proposal } from '../init/proposal.js';
import { propose } from '../init/propose.js';
import { readListing } from '../init/read-listing.js';
import { renderProposal } from '../init/render-proposal.js';
import type { CommandResult } from '../io/io.js';
import { quotedForShell } from '../quoted-for-shell.js';

export interface InitOptions extends CommonOptions {
  /** Name of the agent. @default - made from package.json, pyproject.toml or the directory */
  readonly name?: string;
  /** Overwrite a config file that is there. */
  readonly force?: boolean;
  /** Print the file instead of writing it. */
  readonly stdout?: boolean;
}

/** The `$id` of the schema, for editors where the package is not installed. */
const schemaUrl = 'https://unpkg.com/agentctl/agentctl.schema.json';
const installedSchema = 'node_modules/agentctl/agentctl.schema.json';

/**
 * Looks at a directory and writes an agentctl.yaml for what is in it.
 *
 * @throws Refused when there is one already, UsageInvalid for a directory that is none, a name that cannot be used or an
 *   unknown target
 */
export async function init(options: InitOptions, context: CommandContext): Promise<CommandResult> {
  const target = options.cloud === undefined ? undefined : chosenTarget(options.cloud);
  if (options.name !== undefined && !isAgentName(options.name)) throw badName(options.name);
  const directory = resolve(context.workingDirectory, options.directory ?? '.');
  if (!(await isThere(directory, 'directory'))) throw noDirectory(directory);
  const existing = options.file ?? (await configIn(directory));
  const file = resolve(directory, existing ?? 'agentctl.yaml');
  const isTaken = await isThere(file, 'file');
  if (isTaken && options.force !== true && options.stdout !== true)
    throw alreadyThere(relative(context.workingDirectory, file));

  const proposal = propose(await readListing(directory), options.name);
  const schema = (await isThere(join(directory, installedSchema), 'file')) ? installedSchema : schemaUrl;
  const yaml = renderProposal(proposal, schema);
  const { found, checks } = proposal;
  if (options.stdout === true) {
    context.io.note(findings(proposal));
    return { exitCode: 0, text: context.io.json ? '' : yaml.trimEnd(), data: { file: null, yaml, found, checks } };
  }
  await writeFileAtomic(file, yaml);
  const scaffolded = await writeScaffold(directory, proposal);
  const lacking = await lackingLines(directory, proposal);
  const ignored = await ignoreState(directory);
  const next = nextCommands(proposal, options, target);
  const shown = relative(context.workingDirectory, file);
  const text = [
    `${isTaken ? 'Overwrote' : 'Wrote'} ${shown}`,
    ...scaffolded.map((name) => `Wrote ${name}`),
    ...ignored.map((name) => `Added .agentctl/ to ${name}`),
    '',
    findings({ ...proposal, checks: [...checks, ...lacking] }),
    '',
    'Next:',
    ...next.map((command) => `  ${command}`),
  ].join('\n');
  return { exitCode: 0, text, data: { file, scaffolded, found, checks: [...checks, ...lacking], ignored, next } };
}

function findings({ found, checks, secrets }: Proposal): string {
  return [
    ...titled('Found:', [...found, ...(secrets.length === 0 ? [] : [`secrets: ${secrets.join(', ')}`])]),
    ...(found.length === 0 ? ['Nothing here says how to run it, so the file is a template.'] : []),
    ...titled('Check:', checks),
  ].join('\n');
}

function titled(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}

function nextCommands(
  { secrets, local }: Proposal,
  { directory, file }: InitOptions,
  target: TargetKind | undefined,
): readonly string[] {
  const flags = [
    ...(directory === undefined ? [] : [`-C ${quotedForShell(directory)}`]),
    ...(file === undefined ? [] : [`-f ${quotedForShell(file)}`]),
  ];
  const command = (...words: readonly string[]): string => ['agentctl', ...words, ...flags].join(' ');
  // This version deploys to this machine only.
  if (target !== undefined && target !== 'local') return [command('validate', `--cloud ${target}`)];
  return [
    command('validate'),
    ...(local.needsDocker.length > 0
      ? [command('synth', '--cloud local')]
      : [...secrets.map((name) => command('secrets set', name, '--cloud local')), command('deploy', '--cloud local')]),
  ];
}

/** Writes what is not there; a file of the user stays as it is. */
async function writeScaffold(directory: string, { scaffold }: Proposal): Promise<readonly string[]> {
  const written: string[] = [];
  for (const { path, text } of scaffold?.files ?? []) {
    if (await isThere(join(directory, path), 'file')) continue;
    await writeFileAtomic(join(directory, path), text);
    written.push(path);
  }
  return written;
}

/** What a .dockerignore of the user lets into the image. It is theirs, so they are told. */
async function lackingLines(directory: string, { build }: Proposal): Promise<readonly string[]> {
  const file = posix.join(build.context, '.dockerignore');
  if (!(await isThere(join(directory, file), 'file'))) return [];
  // The line for the state of agentctl is agentctl's own to add.
  const lines = missingIgnoreLines(await readFile(join(directory, file), 'utf8')).filter(
    (line) => line !== '.agentctl',
  );
  if (lines.length === 0) return [];
  return [
    `${file} lets ${lines.join(' and ')} into the image: add ${lines.length === 1 ? 'this line' : 'these lines'} to it`,
  ];
}

/** The image of the agent must not hold its state either, so both kinds of ignore file get the line. */
async function ignoreState(directory: string): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const name of ['.gitignore', '.dockerignore']) {
    const file = join(directory, name);
    if (!(await isThere(file, 'file'))) continue;
    const text = await readFile(file, 'utf8');
    const wanted = withIgnoredState(text);
    if (wanted === text) continue;
    await writeFileAtomic(file, wanted);
    changed.push(name);
  }
  return changed;
}

async function configIn(directory: string): Promise<string | undefined> {
  for (const name of ['agentctl.yaml', 'agentctl.yml']) if (await isThere(join(directory, name), 'file')) return name;
  return undefined;
}

async function isThere(path: string, kind: 'file' | 'directory'): Promise<boolean> {
  try {
    const found = await stat(path);
    return kind === 'file' ? found.isFile() : found.isDirectory();
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT') || hasSystemCode(error, 'ENOTDIR')) return false;
    throw error;
  }
}

function badName(name: string): AgentctlError {
  return new AgentctlError('UsageInvalid', `--name "${name}" cannot be used`, {
    fix: 'use 3 to 24 lower-case letters, digits and single hyphens, beginning with a letter',
  });
}

function noDirectory(directory: string): AgentctlError {
  return new AgentctlError('UsageInvalid', `${directory} is not a directory`, {
    fix: 'name the directory of the agent',
  });
}

function alreadyThere(file: string): AgentctlError {
  return new AgentctlError('Refused', `${file} is there already`, {
    fix: 'pass --force to overwrite it, or --stdout to see what would be written',
  });
}
