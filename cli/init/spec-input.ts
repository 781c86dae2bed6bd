import type { Proposal, ProposedParts } from './proposal.js';

/** Pure: a proposal as the value that its agentctl.yaml is read as. */
export function specInput(proposal: Proposal): Readonly<Record<string, unknown>> {
  const { name, build, variables, secrets, services, migration, parts, local } = proposal;
  return {
    name,
    image: {
      build: { context: build.context, ...(build.dockerfile === 'Dockerfile' ? {} : { dockerfile: build.dockerfile }) },
    },
    ...(variables.length === 0
      ? {}
      : { env: Object.fromEntries(variables.map((variable) => [variable.name, variable.value])) }),
    ...(secrets.length === 0 ? {} : { secrets }),
    services: Object.fromEntries(
      services.map((service) => {
        const { http, isSingle } = service;
        const health = http && {
          readiness: http.readiness,
          ...(http.liveness === undefined ? {} : { liveness: http.liveness }),
        };
        return [
          service.name,
          {
            command: service.command,
            ...(http === undefined ? {} : { port: http.port, routes: [{ path: '/' }], health }),
            size: serviceSize,
            scale: http === undefined ? { min: 1, max: isSingle === true ? 1 : 4 } : { min: 2, max: 4 },
            drain: http === undefined ? '1m' : '2m',
          },
        ];
      }),
    ),
    ...(migration === undefined ? {} : { migrations: { command: migration.command, timeout: '10m' } }),
    ...partsInput(parts),
    clouds: {
      local: {
        ...(local.needsDocker.length === 0 ? {} : { runtime: 'docker' }),
        ...(local.build.length === 0 ? {} : { process: { build: local.build } }),
      },
    },
  };
}

/** A pair that every target offers. */
export const serviceSize = { cpu: 1, memory: '2Gi' } as const;

/** The data services of a proposal as sections of the spec. */
export function partsInput({ postgres, search, cache, queue }: ProposedParts): Readonly<Record<string, unknown>> {
  const extensions = postgres?.extensions ?? [];
  return {
    ...(postgres === undefined
      ? {}
      : {
          postgres: {
            version: 17,
            size: 'small',
            storage: '20Gi',
            database: 'app',
            ...(extensions.length === 0 ? {} : { extensions }),
          },
        }),
    ...(search ? { search: { nodes: 1, storage: '20Gi' } } : {}),
    ...(cache ? { cache: { memory: '1Gi' } } : {}),
    ...(queue === undefined ? {} : { queue: { engine: queue } }),
  };
}
