import { containerSecrets } from './container-secrets.js';
import type { AgentSpec } from './schema/agent.js';
import type { ImageSpec, Platform } from './schema/image.js';
import type { TargetKind } from './target-kind.js';

/** What a service, a schedule and a migration have in common. */
export interface Workload {
  readonly image?: ImageSpec | undefined;
  readonly env: Readonly<Record<string, string>>;
}

/** The image a workload runs from: its own or the top-level one. */
export function imageOf(spec: Pick<AgentSpec, 'image'>, workload: Workload): ImageSpec {
  return workload.image ?? spec.image;
}

/**
 * The environment of a workload as templates: every secret of the containers under its own name, then the top-level
 * `env`, then the workload’s own.
 */
export function environmentOf(spec: AgentSpec, workload: Workload): Record<string, string> {
  const secrets = Object.fromEntries(containerSecrets(spec).map((name) => [name, `\${secrets.${name}}`]));
  return { ...secrets, ...spec.env, ...workload.env };
}

/**
 * The platform an image is built for. Without one in the spec: arm64 on AWS, amd64 where the service runs nothing else
 * (Cloud Run container contract, Azure Container Apps "Containers" page) and on Kubernetes, `machine` locally.
 */
export function platformOf(image: ImageSpec, target: TargetKind, machine: Platform): Platform {
  if (image.platform !== undefined) return image.platform;
  if (target === 'local') return machine;
  return target === 'aws' ? 'linux/arm64' : 'linux/amd64';
}
