import { header, type HttpRequest } from '../../cloud/http-message.js';
import type { HttpBinding, OperationModel } from './service-model.js';

/** The operation that a request of a REST protocol means, and what its path says. */
export interface Route {
  readonly operation: OperationModel;
  readonly labels: Readonly<Record<string, string>>;
}

/** The most specific operation whose method, path, query and needed parameters are there. */
export function routeOf(request: HttpRequest, operations: Iterable<OperationModel>): Route | undefined {
  let best: (Route & { readonly rank: number }) | undefined;
  for (const operation of operations) {
    const { http } = operation;
    if (http === undefined || http.method !== request.method) continue;
    const labels = labelsOf(http.path, request.path);
    const rank = queryRank(http, request) + neededRank(operation, request);
    if (labels === undefined || Number.isNaN(rank) || rank <= (best?.rank ?? -1)) continue;
    best = { operation, labels, rank };
  }
  return best;
}

/** `x-id` names the operation outright, but only the SDKs send it. */
function queryRank(http: HttpBinding, request: HttpRequest): number {
  let rank = 0;
  for (const [name, value] of http.query) {
    const given = request.query.get(name);
    if (name === 'x-id') rank += given === value ? 100 : 0;
    if (name === 'x-id' ? given !== null && given !== value : given === null || (value !== '' && given !== value))
      return NaN;
    rank += name === 'x-id' ? 0 : 10;
  }
  return rank;
}

function neededRank({ input }: OperationModel, request: HttpRequest): number {
  if (input.kind !== 'structure') return 0;
  let rank = 0;
  for (const name of input.required) {
    const { httpQuery, httpHeader } = input.members().get(name)?.traits ?? {};
    if (typeof httpQuery === 'string' && request.query.get(httpQuery) === null) return NaN;
    if (typeof httpHeader === 'string' && header(request, httpHeader) === undefined) return NaN;
    rank += httpQuery === undefined && httpHeader === undefined ? 0 : 1;
  }
  return rank;
}

function labelsOf(template: string, path: string): Record<string, string> | undefined {
  const names: string[] = [];
  const pattern = template.replaceAll(/\{(\w+)(\+?)\}/g, (_, name: string, isGreedy: string) => {
    names.push(name);
    return isGreedy === '+' ? '(.+)' : '([^/]+)';
  });
  const match = new RegExp(`^${pattern}$`).exec(path);
  if (match === null) return undefined;
  return Object.fromEntries(names.map((name, at) => [name, decodeURIComponent(match[at + 1] ?? '')]));
}
