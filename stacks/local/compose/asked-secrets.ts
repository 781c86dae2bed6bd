import { type AgentSpec, buildSecretNames, containerSecrets, secretNamesIn } from '../../spec/index.js';

/** The declared secrets that compose.yaml asks for: all but the login of a registry, which it has no use for. */
export function askedSecrets(spec: AgentSpec): readonly string[] {
  const { postgres, search, cache, queue } = spec;
  const workloads = [...Object.values(spec.services), ...Object.values(spec.schedules), ...spec.migrations];
  const templates = [
    ...[spec, ...workloads].flatMap(({ env }) => Object.values(env)),
    ...workloads.flatMap(({ command }) => command ?? []),
    ...[postgres, search, cache, queue].flatMap((part) => (part?.kind === 'external' ? [part.url] : [])),
  ];
  const asked = new Set([
    ...containerSecrets(spec),
    ...buildSecretNames(spec),
    ...templates.flatMap((template) => secretNamesIn(template)),
  ]);
  return spec.secrets.filter((name) => asked.has(name));
}
