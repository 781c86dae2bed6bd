import { environmentOf, parseTemplate, type PlacedWorkload, referencesIn, workloadsOf } from '../spec/index.js';
import { atomicTemplate, type CloudAtoms, type EnvironmentScope, isSecretAtomic } from './atomic-template.js';
import type { StageScope } from './stage-scope.js';

/**
 * Where a container gets a variable from. `name` is that of the secret in the cloud's store. Templates hold atomic references
 * and no others; a plain `text` only `${output.NAME}`.
 */
export type StageEntry<Part extends string> =
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'secret'; readonly name: string; readonly secret: string }
  | { readonly kind: 'generated'; readonly name: string; readonly part: Part; readonly field: string }
  | { readonly kind: 'composed'; readonly name: string; readonly template: string };

/** What is different in each cloud. */
export interface CloudWords<Part extends string> {
  readonly parts: readonly Part[];
  readonly atoms: CloudAtoms;
  /** Fields of a generated secret that a container can be given by themselves. */
  readonly fields: readonly string[];
  readonly userSecretName: (scope: StageScope, secret: string) => string;
  readonly generatedSecretName: (scope: StageScope, part: Part) => string;
  readonly composedSecretName: (scope: StageScope, template: string) => string;
  /** Whether a text without secrets can be handed over as it is. */
  readonly fitsPlain: (template: string) => boolean;
  /** Variables of the cloud itself, as atomic templates; the spec’s own come first. @default none */
  readonly own?: (scope: EnvironmentScope) => Readonly<Record<string, string>>;
  /** Whether the cloud sets `PORT` by itself. @default false */
  readonly setsPort?: boolean;
}

/** A secret that the CLI writes before the migrations: what is in it is known only when the foundation stands. */
export interface ComposedSecret {
  readonly name: string;
  readonly template: string;
}

/** What a cloud hands over to containers. Pure. */
export interface StageEnvironment<Part extends string> {
  /** The variables of a service, schedule or migration, in the order of the spec. */
  readonly environmentOn: (
    scope: EnvironmentScope,
    workload: PlacedWorkload,
  ) => Readonly<Record<string, StageEntry<Part>>>;
  /** The composed secrets of all services, schedules and migrations, each once. */
  readonly composedSecrets: (scope: EnvironmentScope) => readonly ComposedSecret[];
  /** The secrets of `secrets:` whose values containers get, directly or in a composed text. */
  readonly userSecretsOf: (scope: EnvironmentScope) => readonly string[];
  /** The outputs of the foundation stack that containers are told of. */
  readonly outputsUsedBy: (scope: EnvironmentScope) => readonly string[];
}

/** The environment of containers in the words of a cloud. */
export function stageEnvironment<Part extends string>(words: CloudWords<Part>): StageEnvironment<Part> {
  const environmentOn: StageEnvironment<Part>['environmentOn'] = (scope, workload) => {
    const templates: Record<string, string> = {
      ...tracingVariables(scope, workload),
      ...environmentOf(scope.spec, workload),
      ...(workload.port === undefined || words.setsPort === true ? {} : { PORT: String(workload.port) }),
    };
    const atomic = Object.entries(templates).map(
      ([variable, template]) => [variable, atomicTemplate(template, scope, workload, words.atoms)] as const,
    );
    const all = { ...words.own?.(scope), ...Object.fromEntries(atomic) };
    return Object.fromEntries(
      Object.entries(all).map(([variable, template]) => [variable, entryOf(words, template, scope)]),
    );
  };
  const entriesOf = (scope: EnvironmentScope): readonly StageEntry<Part>[] =>
    workloadsOf(scope.spec).flatMap((workload) => Object.values(environmentOn(scope, workload)));
  return {
    environmentOn,
    composedSecrets(scope) {
      const composed = entriesOf(scope).flatMap((entry) =>
        entry.kind === 'composed' ? [[entry.name, { name: entry.name, template: entry.template }] as const] : [],
      );
      return [...new Map(composed).values()];
    },
    userSecretsOf(scope) {
      const names = entriesOf(scope).flatMap((entry) => {
        if (entry.kind === 'secret') return [entry.secret];
        if (entry.kind !== 'composed') return [];
        return referencesIn(entry.template).flatMap((reference) =>
          reference.startsWith('secrets.') ? [reference.slice('secrets.'.length)] : [],
        );
      });
      return [...new Set(names)];
    },
    outputsUsedBy(scope) {
      const templates = entriesOf(scope).flatMap((entry) =>
        entry.kind === 'plain' ? [entry.text] : entry.kind === 'composed' ? [entry.template] : [],
      );
      const outputs = templates
        .flatMap(referencesIn)
        .flatMap((reference) => (reference.startsWith('output.') ? [reference.slice('output.'.length)] : []));
      return [...new Set(outputs)];
    },
  };
}

function entryOf<Part extends string>(
  words: CloudWords<Part>,
  template: string,
  { spec, stage }: EnvironmentScope,
): StageEntry<Part> {
  const scope = { name: spec.name, stage };
  const parts = parseTemplate(template);
  const [first] = parts;
  if (parts.length === 1 && first?.kind === 'reference') {
    const [section, name = '', field = ''] = first.reference.split('.');
    if (section === 'secrets') return { kind: 'secret', name: words.userSecretName(scope, name), secret: name };
    const part = words.parts.find((candidate) => candidate === name);
    if (section === 'generated' && part !== undefined && words.fields.includes(field))
      return { kind: 'generated', name: words.generatedSecretName(scope, part), part, field };
  }
  if (isSecretAtomic(template) || !words.fitsPlain(template))
    return { kind: 'composed', name: words.composedSecretName(scope, template), template };
  return { kind: 'plain', text: template };
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
