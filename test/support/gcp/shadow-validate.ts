import { execa, execaSync } from 'execa';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Block = Readonly<Record<string, unknown>>;

/** A Terraform configuration as JSON, as far as this looks into it. */
export interface Configuration {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly variable?: Block;
  readonly output?: Block;
}

/** Whether `terraform` can be run here. */
export function hasTerraform(): boolean {
  return execaSync('terraform', ['version'], { reject: false, env: { CHECKPOINT_DISABLE: '1' } }).exitCode === 0;
}

/**
 * What `terraform validate` says about configurations whose resources are replaced by the builtin `terraform_data`, so that
 * it needs no provider: references to what is not declared, cycles, functions and variables. It says nothing about arguments.
 * Several are looked at in one run: each has names of its own.
 */
export async function shadowProblems(...configurations: readonly Configuration[]): Promise<readonly string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'agentctl-shadow-'));
  const cliConfig = join(directory, 'terraformrc');
  const options = {
    cwd: directory,
    reject: false,
    env: { TF_CLI_CONFIG_FILE: cliConfig, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' },
  };
  try {
    await writeFile(cliConfig, '');
    for (const [index, configuration] of configurations.entries())
      await writeFile(join(directory, `s${index}.tf.json`), JSON.stringify(shadowOf(configuration, `s${index}_`)));
    const init = await execa('terraform', ['init', '-backend=false', '-input=false', '-no-color'], options);
    if (init.exitCode !== 0) return [init.stderr];
    const { stdout } = await execa('terraform', ['validate', '-json'], options);
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: { severity: string; summary: string; detail: string }[];
    };
    return diagnostics.map(({ severity, summary, detail }) => `${severity}: ${summary}. ${detail}`);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Pure: the same configuration with `terraform_data` in place of every resource and data source. */
export function shadowOf({ resource = {}, data = {}, variable, output }: Configuration, prefix: string): Block {
  const named = [...entriesOf('', resource), ...entriesOf('data.', data)];
  const shadowNames = new Map(named.map(({ address }) => [address, `${prefix}${address.replaceAll('.', '__')}`]));
  const variables = Object.keys(variable ?? {});
  const rename = (value: unknown): unknown =>
    variables.reduce(
      (text, name) => replaced(text, `var.${name}`, `var.${prefix}${name}`),
      renamed(value, shadowNames),
    );
  const shadows = Object.fromEntries(
    named.map(({ address, block }) => {
      const { '//': _comment, lifecycle: _lifecycle, depends_on: dependsOn, ...input } = block;
      const needed = Array.isArray(dependsOn) ? dependsOn.map((one) => shadowAddress(String(one), shadowNames)) : [];
      const name = shadowNames.get(address) ?? address;
      return [name, { input: rename(withoutWriteOnly(input)), ...(needed.length === 0 ? {} : { depends_on: needed }) }];
    }),
  );
  return {
    resource: { terraform_data: shadows },
    ...(variable === undefined ? {} : { variable: prefixed(variable, prefix) }),
    ...(output === undefined ? {} : { output: prefixed(rename(output), prefix) }),
  };
}

function prefixed(block: unknown, prefix: string): Block {
  return Object.fromEntries(Object.entries(block ?? {}).map(([name, value]) => [`${prefix}${name}`, value]));
}

function replaced(value: unknown, from: string, to: string): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll(`\${${from}}`, () => `\${${to}}`));
}

/** The one place where Terraform takes a value that it forgets: anywhere else it says so. */
function withoutWriteOnly(block: Block): Block {
  return Object.fromEntries(Object.entries(block).filter(([name]) => !name.endsWith('_wo')));
}

function entriesOf(prefix: string, types: NonNullable<Configuration['resource']>) {
  return Object.entries(types).flatMap(([type, blocks]) =>
    Object.entries(blocks).map(([name, block]) => ({ address: `${prefix}${type}.${name}`, block })),
  );
}

/** What is not declared keeps its name: Terraform has to say so. */
function shadowAddress(address: string, names: ReadonlyMap<string, string>): string {
  const name = names.get(address);
  return name === undefined ? address : `terraform_data.${name}`;
}

function renamed(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return withReferences(value, names);
  if (Array.isArray(value)) return value.map((item) => renamed(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, renamed(item, names)]));
}

const reference = /(?<!\$)\$\{([^{}]*)\}/g;
const address = /(?:data\.)?[a-z][a-z0-9_]*\.[A-Za-z][A-Za-z0-9_-]*/g;

function withReferences(text: string, names: ReadonlyMap<string, string>): string {
  return text.replaceAll(reference, (_, expression: string) => {
    const changed = expression.replaceAll(address, (found) => {
      const name = names.get(found);
      return name === undefined ? found : `terraform_data.${name}.output`;
    });
    return `\${${changed}}`;
  });
}
