import type { IncomingHttpHeaders } from 'node:http';
import type { Action, Condition, Listener } from './load-balancing.js';

/** What a listener looks at. */
export interface RoutedRequest {
  readonly method: string;
  /** With the query. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
}

/** The action for a request: of the first rule, by priority, whose conditions are all met; else the listener's own. */
export function routeRequest(listener: Listener, request: RoutedRequest): Action | undefined {
  const rules = [...listener.rules.values()].sort((a, b) => a.priority - b.priority);
  const rule = rules.find(({ conditions }) => conditions.every((condition) => isMet(condition, request)));
  const actions = [...(rule?.actions ?? listener.defaultActions)];
  // Authentication comes before; what answers is last.
  return actions.sort((a, b) => (a.Order ?? 1) - (b.Order ?? 1)).at(-1);
}

function isMet(condition: Condition, { method, target, headers }: RoutedRequest): boolean {
  const values = (config: { readonly Values?: string[] | undefined } | undefined): readonly string[] =>
    config?.Values ?? condition.Values ?? [];
  switch (condition.Field) {
    case 'path-pattern': {
      const path = target.split('?')[0] ?? '/';
      return values(condition.PathPatternConfig).some((pattern) => glob(pattern).test(path));
    }
    case 'host-header': {
      const host = (headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
      return values(condition.HostHeaderConfig).some((pattern) => glob(pattern.toLowerCase()).test(host));
    }
    case 'http-header': {
      const value = headers[(condition.HttpHeaderConfig?.HttpHeaderName ?? '').toLowerCase()];
      const text = Array.isArray(value) ? value.join(', ') : value;
      return text !== undefined && values(condition.HttpHeaderConfig).some((pattern) => glob(pattern, 'i').test(text));
    }
    case 'http-request-method':
      return values(condition.HttpRequestMethodConfig).includes(method);
    case undefined:
    default:
      throw new Error(`conditions on ${condition.Field} are not modelled`);
  }
}

/** `*` is any text, `?` any character. */
function glob(pattern: string, flags = ''): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, `s${flags}`);
}
