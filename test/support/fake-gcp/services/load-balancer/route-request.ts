import type { IncomingHttpHeaders } from 'node:http';
import { type Attributes, blocks, text } from '../terraform/resource-type.js';

/** What a URL map looks at. */
export interface RoutedRequest {
  readonly host: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** Pure: the backend service that a URL map has for a request (Cloud Load Balancing, "URL maps overview"). */
export function routeRequest(map: Attributes, request: RoutedRequest): string | undefined {
  const hostRule = blocks(map['host_rule']).find(({ hosts }) =>
    (hosts as readonly string[]).some((host) => host === '*' || host === request.host),
  );
  const matcher = blocks(map['path_matcher']).find(({ name }) => name === hostRule?.['path_matcher']);
  if (matcher === undefined) return text(map['default_service']);
  // The rule with the lowest number wins, and no other is looked at.
  const rules = [...blocks(matcher['route_rules'])].sort((a, b) => Number(a['priority']) - Number(b['priority']));
  const rule = rules.find(({ match_rules: matches }) => blocks(matches).some((match) => isMatch(match, request)));
  return text(rule?.['service']) ?? text(matcher['default_service']) ?? text(map['default_service']);
}

function isMatch(match: Attributes, { path, headers }: RoutedRequest): boolean {
  const [prefix, full] = [text(match['prefix_match']), text(match['full_path_match'])];
  if (prefix !== undefined && !path.startsWith(prefix)) return false;
  if (full !== undefined && path !== full) return false;
  return blocks(match['header_matches']).every((header) => {
    const value = headers[String(header['header_name']).toLowerCase()];
    const isThere = value !== undefined;
    const exact = text(header['exact_match']);
    return exact === undefined ? isThere : value === exact;
  });
}
