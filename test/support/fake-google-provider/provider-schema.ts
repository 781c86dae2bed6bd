import { dataTypes, resourceTypes } from './resource-types.js';

/** Attributes of a type; all are optional, computed and of any type. */
export interface TypeSchema {
  readonly attributes: ReadonlySet<string>;
  /** Of those, what Terraform forgets. */
  readonly writeOnly: ReadonlySet<string>;
}

/** What a provider has. */
export interface ProviderSchema {
  readonly provider: TypeSchema;
  readonly resources: ReadonlyMap<string, TypeSchema>;
  readonly data: ReadonlyMap<string, TypeSchema>;
}

type Blocks = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

interface Configuration {
  readonly provider?: { readonly google?: readonly Readonly<Record<string, unknown>>[] };
  readonly resource?: Blocks;
  readonly data?: Blocks;
}

/** Arguments that Terraform has for itself. */
const metaArguments = new Set([
  '//',
  'connection',
  'count',
  'depends_on',
  'for_each',
  'lifecycle',
  'provider',
  'provisioner',
]);

/** `google_x.Name.attribute`, `data.google_x.Name[0].attribute`. */
const reference = /(data\.)?\b(google_[a-z0-9_]+)\.[A-Za-z_][A-Za-z0-9_-]*(?:\[[^\]]*\])?\.([a-z0-9_]+)/g;

/** Pure: the smallest schema with which these configurations (texts of cdk.tf.json) are valid. */
export function providerSchema(texts: readonly string[]): ProviderSchema {
  const resources = new Map<string, Set<string>>(resourceTypes.map((type) => [type, new Set(['id'])]));
  const data = new Map<string, Set<string>>(dataTypes.map((type) => [type, new Set(['id'])]));
  const provider = new Set(['project', 'region']);
  const note = (types: Map<string, Set<string>>, type: string, names: readonly string[]): void => {
    const known = types.get(type) ?? new Set(['id']);
    for (const name of names) if (!metaArguments.has(name)) known.add(name);
    types.set(type, known);
  };
  for (const text of texts) {
    const configuration: Configuration = JSON.parse(text);
    for (const block of configuration.provider?.google ?? []) for (const name of Object.keys(block)) provider.add(name);
    for (const [types, blocks = {}] of [
      [resources, configuration.resource],
      [data, configuration.data],
    ] as const) {
      for (const [type, named] of Object.entries(blocks)) {
        if (!type.startsWith('google_')) continue;
        for (const block of Object.values(named)) note(types, type, [...Object.keys(block), ...ignoredIn(block)]);
      }
    }
    for (const [, isData, type = '', name = ''] of text.matchAll(reference))
      note(isData === undefined ? resources : data, type, [name]);
  }
  return { provider: schemaOf(provider), resources: schemasOf(resources), data: schemasOf(data) };
}

/** What `ignore_changes` names has to be an attribute, too. */
function ignoredIn({ lifecycle }: Readonly<Record<string, unknown>>): readonly string[] {
  if (typeof lifecycle !== 'object' || lifecycle === null || !('ignore_changes' in lifecycle)) return [];
  const ignored = lifecycle.ignore_changes;
  return Array.isArray(ignored) ? ignored.map((path) => String(path).split(/[.[]/)[0] ?? '') : [];
}

function schemasOf(types: ReadonlyMap<string, ReadonlySet<string>>): ReadonlyMap<string, TypeSchema> {
  return new Map([...types].map(([type, names]) => [type, schemaOf(names)]));
}

function schemaOf(attributes: ReadonlySet<string>): TypeSchema {
  return { attributes, writeOnly: new Set([...attributes].filter((name) => name.endsWith('_wo'))) };
}
