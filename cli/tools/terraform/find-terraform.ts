import * as z from 'zod';
import { AgentctlError, isAgentctlError } from '../../errors.js';
import { run } from '../run.js';
import { versionArguments } from './terraform-commands.js';
import { terraformEnvironment } from './terraform-environment.js';
import type { TerraformProgram, TerraformToolsOptions } from './terraform-tools.js';

/** The setting that names the program, and the oldest that will do: write-only arguments are of 1.11, in both. */
const setting = 'AGENTCTL_TERRAFORM';
const oldest = [1, 11] as const;
const candidates = ['terraform', 'tofu'] as const;

const versionSchema = z.object({ terraform_version: z.string() });

/** A program that will do. */
export interface FoundTerraform extends TerraformProgram {
  readonly command: string;
}

/**
 * Looks for `terraform`, then `tofu`.
 *
 * @throws ToolMissing when there is none, or when it is too old
 */
export async function findTerraform(
  { environment, program }: Pick<TerraformToolsOptions, 'environment' | 'program'>,
  signal: AbortSignal,
): Promise<FoundTerraform> {
  const named = program ?? environment[setting];
  const tooOld: string[] = [];
  for (const command of named === undefined || named === '' ? candidates : [named]) {
    const version = await versionOf(command, environment, signal);
    if (version === undefined) continue;
    if (isNewEnough(version)) return { command, product: command.endsWith('tofu') ? 'tofu' : 'terraform', version };
    tooOld.push(`${command} ${version}`);
  }
  const fix = `install terraform or tofu ${oldest.join('.')} or later and put it on the PATH, or name it: ${setting}=/path/to/terraform`;
  if (tooOld.length > 0) throw new AgentctlError('ToolMissing', `${tooOld.join(' and ')} cannot be used`, { fix });
  throw new AgentctlError('ToolMissing', `cannot find ${named ?? 'terraform or tofu'}`, { fix });
}

async function versionOf(
  command: string,
  environment: TerraformToolsOptions['environment'],
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const text = await run(
      { argv: [command, ...versionArguments], env: terraformEnvironment(environment) },
      { signal },
    );
    return versionSchema.parse(JSON.parse(text)).terraform_version;
  } catch (error) {
    if (isAgentctlError(error) && error.code === 'ToolMissing') return undefined;
    throw error;
  }
}

/** Pure: `1.11.4` and `1.12.0-beta1` are; 2 would be another language. */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major === oldest[0] && minor >= oldest[1];
}
