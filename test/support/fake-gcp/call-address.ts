import type { HttpRequest } from '../cloud/http-message.js';

/** Which API a request is for. */
export interface CallAddress {
  readonly service: string;
  /** Within the API; still percent-encoded. */
  readonly path: string;
  readonly region: string | undefined;
}

/**
 * By host name, as it comes through the proxy (`europe-west3-run.googleapis.com`); by prefix (`/-/secretmanager/v1/…`); by the
 * contract of Terraform's provider; all else is Cloud Storage, whose XML API has nothing but the bucket in its path.
 */
export function callAddress(request: HttpRequest, host: string): CallAddress {
  const { path } = request;
  const [, region, named] = /^(?:([a-z]+-[a-z]+\d+)-)?([a-z]+)\.googleapis\.com$/.exec(host) ?? [];
  if (named !== undefined) return { service: named, path, region };
  const [, prefix, rest] = /^\/-\/([a-z]+)(\/.*)$/.exec(path) ?? [];
  if (prefix !== undefined && rest !== undefined) return { service: prefix, path: rest, region: undefined };
  if (path.startsWith('/terraform/')) return { service: 'terraform', path, region: undefined };
  return { service: 'storage', path, region: undefined };
}
