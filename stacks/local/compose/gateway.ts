import type { AgentSpec } from '../../spec/index.js';
import { containerImages } from '../container-images.js';
import type { ComposeContext } from './compose-context.js';
import type { ComposeDependency, ComposeService } from './compose-service.js';
import { appNetwork } from './networks.js';

/** With an underscore, which no name in a spec has: a service may well be called `gateway`. */
export const gatewayName = 'public_gateway';

/** Inside its container. */
export const gatewayListenPort = 8080;

/** One public path prefix and where it leads. */
export interface GatewayRoute {
  /** Without a slash at the end, except `/` itself. */
  readonly prefix: string;
  readonly service: string;
  readonly port: number;
}

/** All routes of a spec, the longest prefix first: the first that matches is the right one. */
export function gatewayRoutes({ services }: Pick<AgentSpec, 'services'>): readonly GatewayRoute[] {
  const routes = Object.entries(services).flatMap(([service, { port, routes: own }]) =>
    port === undefined ? [] : own.map(({ path }) => ({ prefix: path.replace(/(?<=.)\/+$/, ''), service, port })),
  );
  return routes.toSorted((a, b) => b.prefix.length - a.prefix.length || (a.prefix < b.prefix ? -1 : 1));
}

/** The port on 127.0.0.1 that the project answers on. */
export function publishedPort({ clouds }: Pick<AgentSpec, 'clouds'>): number {
  return clouds.local?.port ?? gatewayListenPort;
}

/** The only container with a published port, and only for this machine; undefined when no service has a route. */
export function gatewayService({ spec }: ComposeContext): ComposeService | undefined {
  const routed = [...new Set(gatewayRoutes(spec).map(({ service }) => service))];
  if (routed.length === 0) return undefined;
  const started: Readonly<Record<string, ComposeDependency>> = Object.fromEntries(
    routed.map((service) => [service, { condition: 'service_started' as const }]),
  );
  const drains = routed.map((service) => spec.services[service]?.drain.seconds ?? 0);
  return {
    image: containerImages(spec).gateway,
    ports: [`127.0.0.1:${publishedPort(spec)}:${gatewayListenPort}`],
    volumes: ['./Caddyfile:/etc/caddy/Caddyfile:ro'],
    depends_on: started,
    networks: [appNetwork],
    restart: 'unless-stopped',
    // Streams go through it, so it has to wait for them as long as the services do.
    stop_grace_period: `${Math.max(10, ...drains)}s`,
  };
}
