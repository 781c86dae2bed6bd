import type { SpecPath } from '../problem.js';
import type { AgentSpec } from '../schema/agent.js';
import type { ImageSpec } from '../schema/image.js';
import type { SizeSpec } from '../schema/size.js';

/** Anything that runs a container, with its place in the spec. */
export interface PlacedWorkload {
  readonly kind: 'service' | 'schedule' | 'migration';
  readonly name: string;
  readonly path: SpecPath;
  readonly image: ImageSpec | undefined;
  readonly command: readonly string[] | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly size: SizeSpec;
  readonly port: number | undefined;
}

/** Every service, schedule and migration of a spec. */
export function workloadsOf(spec: AgentSpec): readonly PlacedWorkload[] {
  const services = Object.entries(spec.services).map(([name, service]): PlacedWorkload => {
    const { image, command, env, size, port } = service;
    return { kind: 'service', name, path: ['services', name], image, command, env, size, port };
  });
  const schedules = Object.entries(spec.schedules).map(([name, schedule]): PlacedWorkload => {
    const { image, command, env, size } = schedule;
    return { kind: 'schedule', name, path: ['schedules', name], image, command, env, size, port: undefined };
  });
  const migrations = spec.migrations.map((migration, index): PlacedWorkload => {
    const { name, image, command, env, size } = migration;
    const path = ['migrations', index];
    return { kind: 'migration', name, path, image, command, env, size, port: undefined };
  });
  return [...services, ...schedules, ...migrations];
}
