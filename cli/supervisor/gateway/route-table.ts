/** Path prefixes of one release, longest first. */
export type RouteTable = readonly { readonly prefix: string; readonly service: string }[];

/** The routes of the services of a release. */
export function createRouteTable(
  services: readonly { readonly name: string; readonly routes: readonly { readonly path: string }[] }[],
): RouteTable {
  return services
    .flatMap(({ name, routes }) => routes.map(({ path }) => ({ prefix: path.replace(/\/+$/, ''), service: name })))
    .sort((a, b) => b.prefix.length - a.prefix.length);
}

/** The service a path belongs to: `/api` takes `/api` and `/api/x`, never `/apix`. The longest prefix wins. */
export function routeOf(table: RouteTable, path: string): string | undefined {
  return table.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))?.service;
}

/** The path of a request target, without query; also of the absolute form a proxy client sends (RFC 9112 §3.2). */
export function pathOfTarget(target: string): string {
  const origin = originForm(target);
  const end = origin.search(/[?#]/);
  return end === -1 ? origin : origin.slice(0, end);
}

/** Any request target as path and query. */
export function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const rest = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*(.*)$/i.exec(target)?.[1] ?? '';
  return rest.startsWith('/') ? rest : `/${rest}`;
}
