import type { AgentSpec } from '../../spec/index.js';
import { gatewayListenPort, gatewayRoutes, type GatewayRoute } from './gateway.js';

/** The configuration of the gateway; undefined when no service has a route. */
export function caddyfile(spec: Pick<AgentSpec, 'services'>): string | undefined {
  const routes = gatewayRoutes(spec);
  if (routes.length === 0) return undefined;
  const blocks = routes.map(routeBlock);
  if (routes.every(({ prefix }) => prefix !== '/'))
    blocks.push('\t\thandle {\n\t\t\trespond "no route leads here" 404\n\t\t}');
  return `# The gateway of compose.yaml: the longest path prefix decides. Written by agentctl, which overwrites it.
{
	admin off
	auto_https off
}

:${gatewayListenPort} {
	route {
${blocks.join('\n')}
	}
}
`;
}

function routeBlock({ prefix, service, port }: GatewayRoute, index: number): string {
  const matcher = `@route${index + 1}`;
  const [match, condition] =
    prefix === '/' ? [[], ''] : [[`\t\t${matcher} path ${quoted(prefix)} ${quoted(`${prefix}/*`)}`], ` ${matcher}`];
  return [
    ...match,
    `\t\thandle${condition} {`,
    '\t\t\treverse_proxy {',
    // Asked for again and again: a replica that was replaced has another address.
    `\t\t\t\tdynamic a ${service} ${port} {`,
    '\t\t\t\t\trefresh 2s',
    '\t\t\t\t}',
    '\t\t\t\tlb_policy least_conn',
    // A replica that is being replaced refuses connections for a moment; nothing has been sent to it then.
    '\t\t\t\tlb_try_duration 5s',
    // Each event of a stream at once.
    '\t\t\t\tflush_interval -1',
    '\t\t\t}',
    '\t\t}',
  ].join('\n');
}

/** A word of a Caddyfile, which backticks keep as it is. The spec allows neither spaces nor backticks in a path. */
function quoted(path: string): string {
  return /^[\w./*-]+$/.test(path) ? path : `\`${path}\``;
}
