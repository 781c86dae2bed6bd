import {
  environmentOf,
  parseTemplate,
  type PlacedWorkload,
  referencesIn,
  resolveTemplate,
  workloadsOf,
} from '../spec/index.js';
import {
  composedSecretName,
  type GeneratedPart,
  generatedParts,
  generatedSecretName,
  userSecretName,
} from './naming.js';
import { atomicTemplate, type EnvironmentScope, isSecretAtomic } from './references.js';

export type { EnvironmentScope } from './references.js';
export { generatedUser, poolerPort, searchProxyPort } from './references.js';

/**
 * Where a container gets a variable from. `name` is that of the secret in Secrets Manager. Templates hold the references of
 * {@link atomicTemplate} and no others; a plain `text` only `${output.NAME}`.
 */
export type EnvironmentEntry =
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'secret'; readonly name: string; readonly secret: string }
  | {
      readonly kind: 'generated';
      readonly name: string;
      readonly part: GeneratedPart;
      readonly field: 'username' | 'password';
    }
  | { readonly kind: 'composed'; readonly name: string; readonly template: string };

/** Systems Manager API, PutParameter, Value: 4 KB of a standard parameter. */
const longestParameterBytes = 4096;

/** Pure: the variables of a service, schedule or migration, in the order of the spec. */
export function environmentOn(
  scope: EnvironmentScope,
  workload: PlacedWorkload,
): Readonly<Record<string, EnvironmentEntry>> {
  const templates: Record<string, string> = {
    ...tracingVariables(scope, workload),
    ...environmentOf(scope.spec, workload),
    ...(workload.port === undefined ? {} : { PORT: String(workload.port) }),
  };
  const isMigration = workload.kind === 'migration';
  return Object.fromEntries(
    Object.entries(templates).map(([variable, template]) => [
      variable,
      entryOf(atomicTemplate(template, scope, isMigration), scope),
    ]),
  );
}

function entryOf(template: string, { spec, stage }: EnvironmentScope): EnvironmentEntry {
  const scope = { name: spec.name, stage };
  const parts = parseTemplate(template);
  const [first] = parts;
  if (parts.length === 1 && first?.kind === 'reference') {
    const [section, name = '', field] = first.reference.split('.');
    if (section === 'secrets') return { kind: 'secret', name: userSecretName(scope, name), secret: name };
    const part = generatedParts.find((candidate) => candidate === name);
    if (section === 'generated' && part !== undefined && field === 'password')
      return { kind: 'generated', name: generatedSecretName(scope, part), part, field };
  }
  if (isSecretAtomic(template) || !fitsParameter(template))
    return { kind: 'composed', name: composedSecretName(scope, template), template };
  return { kind: 'plain', text: template };
}

/** Parameter Store refuses long values and `{{`, which it and CloudFormation would read as references of their own. */
function fitsParameter(template: string): boolean {
  return new TextEncoder().encode(template).length <= longestParameterBytes && !template.includes('{{');
}

/** What `observability.tracing` means to the libraries that read these names; the spec’s own variables come first. */
function tracingVariables({ spec }: EnvironmentScope, { name }: PlacedWorkload): Record<string, string> {
  const { langsmith, otlp, samplingRatio } = spec.observability.tracing;
  return {
    ...(langsmith ? { LANGSMITH_TRACING: 'true', LANGSMITH_TRACING_SAMPLING_RATE: String(samplingRatio) } : {}),
    ...(otlp === undefined
      ? {}
      : {
          OTEL_EXPORTER_OTLP_ENDPOINT: otlp,
          OTEL_SERVICE_NAME: `${spec.name}-${name}`,
          OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
          OTEL_TRACES_SAMPLER_ARG: String(samplingRatio),
        }),
  };
}

/** A secret that the CLI writes before the migrations: what is in it is known only when the foundation stands. */
export interface ComposedSecret {
  readonly name: string;
  readonly template: string;
}

/** Pure: the composed secrets of all services, schedules and migrations, each once. */
export function composedSecrets(scope: EnvironmentScope): readonly ComposedSecret[] {
  const entries = workloadsOf(scope.spec).flatMap((workload) => Object.values(environmentOn(scope, workload)));
  const composed = entries.flatMap((entry) =>
    entry.kind === 'composed' ? [[entry.name, { name: entry.name, template: entry.template }] as const] : [],
  );
  return [...new Map(composed).values()];
}

/** What the references of a composed secret stand for. */
export interface ComposedValues {
  /** Outputs of the foundation stack, as CloudFormation returns them. */
  readonly outputs: Readonly<Record<string, string>>;
  /** By NAME. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly passwords: Readonly<Partial<Record<GeneratedPart, string>>>;
  /** As whom clients log in to the pooler. */
  readonly pooledUser?: string;
}

/** The text of a composed secret. Throws an Error naming a reference that has no value. */
export function composedText(template: string, values: ComposedValues): string {
  const { outputs, secrets, passwords } = values;
  return resolveTemplate(template, (reference) => {
    const [section, name = '', field] = reference.split('.');
    const part = generatedParts.find((candidate) => candidate === name);
    if (section === 'output') return own(outputs, name);
    if (field === 'pooledUser') return values.pooledUser;
    if (section === 'secrets') return own(secrets, name);
    return section === 'generated' && part !== undefined ? passwords[part] : undefined;
  });
}

function own(values: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** Pure: the secrets of `secrets:` whose values containers get, directly or in a composed text. */
export function userSecretsOf(scope: EnvironmentScope): readonly string[] {
  const entries = workloadsOf(scope.spec).flatMap((workload) => Object.values(environmentOn(scope, workload)));
  const names = entries.flatMap((entry) => {
    if (entry.kind === 'secret') return [entry.secret];
    if (entry.kind !== 'composed') return [];
    return referencesIn(entry.template).flatMap((reference) =>
      reference.startsWith('secrets.') ? [reference.slice('secrets.'.length)] : [],
    );
  });
  return [...new Set(names)];
}

/** Pure: the outputs of the foundation stack that containers are told of. */
export function outputsUsedBy(scope: EnvironmentScope): readonly string[] {
  const entries = workloadsOf(scope.spec).flatMap((workload) => Object.values(environmentOn(scope, workload)));
  const templates = entries.flatMap((entry) =>
    entry.kind === 'plain' ? [entry.text] : entry.kind === 'composed' ? [entry.template] : [],
  );
  const outputs = templates
    .flatMap(referencesIn)
    .flatMap((reference) => (reference.startsWith('output.') ? [reference.slice('output.'.length)] : []));
  return [...new Set(outputs)];
}
