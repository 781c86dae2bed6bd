import { secretNamesIn } from './references.js';
import { workloadsOf } from './rules/workloads-of.js';
import type { AgentSpec } from './schema/agent.js';

/** Secrets that a build reads, in the order of `secrets`. */
export function buildSecretNames(spec: AgentSpec): readonly string[] {
  const images = [spec.image, ...workloadsOf(spec).flatMap(({ image }) => image ?? [])];
  const read = new Set(images.flatMap((image) => (image.kind === 'build' ? image.secrets : [])));
  return spec.secrets.filter((name) => read.has(name));
}

/**
 * Secrets that are a variable of every container: all but those that exist for a build or for the login to the registry.
 * A container that needs such a one says so: `env: { NPM_TOKEN: "${secrets.NPM_TOKEN}" }`.
 */
export function containerSecrets(spec: AgentSpec): readonly string[] {
  const login = spec.clouds.local?.registryLogin?.password ?? '';
  const elsewhere = new Set([...buildSecretNames(spec), ...secretNamesIn(login)]);
  return spec.secrets.filter((name) => !elsewhere.has(name));
}
