import { header, type HttpReply, type HttpRequest } from '../../cloud/http-message.js';
import type { Route } from './rest-route.js';
import { formatScalar, parseScalar } from './scalar.js';
import type { Shape } from './shape.js';

type Structure = Shape & { readonly kind: 'structure' };

/** How the two REST protocols differ: what their bodies are. */
export interface BodyFormat {
  readonly contentType: string;
  readonly parse: (text: string, shape: Shape) => unknown;
  readonly format: (value: unknown, shape: Shape, isWhole: boolean, name: string) => string;
}

/** The input out of path, query, headers and body. */
export function boundInput(request: HttpRequest, route: Route, format: BodyFormat): Record<string, unknown> {
  const shape = route.operation.input;
  if (shape.kind !== 'structure') return {};
  const entries = [...shape.members()].map(([name, member]) => [
    name,
    boundMember(name, member, request, route, format),
  ]);
  const hasPayload = [...shape.members().values()].some(({ traits }) => traits['httpPayload'] !== undefined);
  const body = hasPayload || request.body.length === 0 ? {} : format.parse(request.body.toString('utf8'), shape);
  return { ...(body as object), ...Object.fromEntries(entries.filter(([, value]) => value !== undefined)) };
}

function boundMember(
  name: string,
  member: Shape,
  request: HttpRequest,
  { labels }: Route,
  format: BodyFormat,
): unknown {
  const { httpHeader, httpQuery, httpPayload, httpPrefixHeaders, httpLabel } = member.traits;
  if (httpLabel !== undefined) return labels[name];
  if (httpPayload !== undefined) {
    if (member.kind === 'blob') return request.body;
    if (member.kind === 'string') return request.body.toString('utf8');
    return request.body.length === 0 ? undefined : format.parse(request.body.toString('utf8'), member);
  }
  if (typeof httpPrefixHeaders === 'string') {
    const found = Object.entries(request.headers).filter(([key]) => key.startsWith(httpPrefixHeaders));
    const entries = found.map(([key, value]) => [key.slice(httpPrefixHeaders.length), String(value)]);
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  }
  if (typeof httpQuery === 'string') {
    const values = request.query.getAll(httpQuery);
    if (values.length === 0) return undefined;
    return member.kind === 'list' ? values : parseScalar(values[0] ?? '', member);
  }
  if (typeof httpHeader !== 'string') return undefined;
  const value = header(request, httpHeader);
  if (value === undefined) return undefined;
  return member.kind === 'list' ? value.split(/\s*,\s*/) : parseScalar(value, member);
}

/** Status, headers and body out of the output. */
export function boundReply(
  output: object,
  name: string,
  shape: Structure,
  usualStatus: number,
  format: BodyFormat,
): HttpReply {
  const headers: Record<string, string> = { 'content-type': format.contentType };
  let status = usualStatus;
  let payload: { readonly value: unknown; readonly member: Shape; readonly tag: string } | undefined;
  for (const [key, value] of Object.entries(output)) {
    const member = shape.members().get(key);
    if (member === undefined) throw new TypeError(`${name}: ${shape.name} has no member ${key}`);
    if (value === undefined) continue;
    const { httpHeader, httpPayload, httpPrefixHeaders, httpResponseCode } = member.traits;
    if (httpResponseCode !== undefined) status = value as number;
    else if (httpPayload !== undefined) payload = { value, member, tag: String(member.traits['xmlName'] ?? key) };
    else if (typeof httpHeader === 'string')
      headers[httpHeader.toLowerCase()] = formatScalar(value, member, 'http-date', key);
    else if (typeof httpPrefixHeaders === 'string')
      for (const [suffix, text] of Object.entries(value)) headers[`${httpPrefixHeaders}${suffix}`] = String(text);
  }
  if (payload === undefined) {
    const hasPayload = [...shape.members().values()].some(({ traits }) => traits['httpPayload'] !== undefined);
    return { status, headers, body: hasPayload ? '' : format.format(output, shape, true, name) };
  }
  const { value, member, tag } = payload;
  const isRaw = value instanceof Uint8Array || typeof value === 'string';
  return { status, headers, body: isRaw ? value : format.format(value, member, false, tag) };
}
