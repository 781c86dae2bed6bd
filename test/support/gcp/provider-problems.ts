import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Configuration } from '../../../stacks/gcp/policy/configuration.js';

type Environment = Readonly<Record<string, string>>;

const source = 'registry.terraform.io/hashicorp/google';

/**
 * What Terraform needs to see to use Google’s own provider, if it is to: AGENTCTL_REAL_PROVIDER is `1` (it is found as
 * Terraform is set up here: registry, mirror of its CLI configuration) or a directory that `terraform providers mirror` wrote;
 * without it a provider in `~/.terraform.d/plugins`. Undefined: there is none.
 */
export function realProvider(variables: NodeJS.ProcessEnv = process.env): RealProvider | undefined {
  const { AGENTCTL_REAL_PROVIDER: asked = '', HOME = homedir(), TF_CLI_CONFIG_FILE: config } = variables;
  if (asked === '0') return undefined;
  if (asked === '1')
    return { environment: config === undefined || !existsSync(config) ? {} : { TF_CLI_CONFIG_FILE: config } };
  const mirror = asked === '' ? join(HOME, '.terraform.d/plugins') : resolve(asked);
  if (existsSync(join(mirror, source))) return { environment: {}, cliConfiguration: mirrorConfiguration(mirror) };
  if (asked !== '') throw new Error(`AGENTCTL_REAL_PROVIDER: there is no ${source} in ${mirror}`);
  return undefined;
}

/** How a provider is reached. */
export interface RealProvider {
  readonly environment: Environment;
  /** Text of Terraform’s CLI configuration. @default - none */
  readonly cliConfiguration?: string;
}

/** Pure: providers of Google come from a directory, and from nowhere else. */
export function mirrorConfiguration(mirror: string): string {
  return `provider_installation {\n  filesystem_mirror {\n    path    = ${JSON.stringify(mirror)}\n    include = ["hashicorp/google"]\n  }\n}\n`;
}

/** What a provider says of configurations, by name: `terraform validate`, and for those without a reference `plan` as well. */
export async function providerProblems(
  configurations: Readonly<Record<string, { readonly configuration: Configuration; readonly plan: boolean }>>,
  { environment, cliConfiguration = '' }: RealProvider,
  directory?: string,
): Promise<readonly string[]> {
  const root = directory ?? (await mkdtemp(join(tmpdir(), 'agentctl-provider-')));
  const cliConfig = join(root, 'terraformrc');
  const cache = join(root, 'plugins');
  await mkdir(cache, { recursive: true });
  await writeFile(cliConfig, cliConfiguration);
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? root,
    TF_PLUGIN_CACHE_DIR: cache,
    ...(cliConfiguration === '' && environment['TF_CLI_CONFIG_FILE'] !== undefined
      ? {}
      : { TF_CLI_CONFIG_FILE: cliConfig }),
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    // Nothing is asked of Google: what a plan refreshes is not there yet.
    GOOGLE_OAUTH_ACCESS_TOKEN: 'none',
    ...environment,
  };
  try {
    const problems: string[] = [];
    for (const [name, { configuration, plan }] of Object.entries(configurations)) {
      const cwd = join(root, name);
      await mkdir(cwd, { recursive: true });
      await writeFile(join(cwd, 'cdk.tf.json'), JSON.stringify(configuration));
      const terraform = async (...words: string[]) =>
        await execa('terraform', words, { cwd, env, extendEnv: false, reject: false });
      const init = await terraform('init', '-backend=false', '-input=false', '-no-color');
      if (init.exitCode !== 0) throw new Error(`terraform init of ${name}: ${init.stderr}`);
      const { stdout } = await terraform('validate', '-json');
      const said = (JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics;
      problems.push(...said.map((one) => `${name}: ${textOf(one)}`));
      if (!plan || said.some(({ severity }) => severity === 'error')) continue;
      const planned = await terraform(
        'plan',
        '-input=false',
        '-refresh=false',
        '-lock=false',
        '-json',
        '-out=plan.bin',
      );
      const lines = planned.stdout.split('\n').filter((line) => line.includes('"diagnostic"'));
      problems.push(
        ...lines.map((line) => `${name}: ${textOf((JSON.parse(line) as { diagnostic: Diagnostic }).diagnostic)}`),
      );
      if (planned.exitCode !== 0 && lines.length === 0) problems.push(`${name}: plan ended with ${planned.exitCode}`);
    }
    return problems;
  } finally {
    if (directory === undefined) await rm(root, { recursive: true, force: true });
  }
}

interface Diagnostic {
  readonly severity: string;
  readonly summary: string;
  readonly detail?: string;
  readonly address?: string;
}

function textOf({ severity, summary, detail = '', address = '' }: Diagnostic): string {
  return [severity, address, summary, detail].filter((part) => part !== '').join(': ');
}
