/** What a registry asks for before it answers. */
export type AuthChallenge =
  | { readonly kind: 'basic' }
  | { readonly kind: 'bearer'; readonly realm: string; readonly parameters: Readonly<Record<string, string>> };

/** An account of a registry. */
export interface RegistryAccount {
  /** `<token>` when the password is an identity token (OAuth 2 refresh token), as credential helpers hand them out. */
  readonly username: string;
  readonly password: string;
}

/** Pure: a `WWW-Authenticate` header; undefined for a scheme that registries do not use. */
export function parseChallenge(header: string): AuthChallenge | undefined {
  const scheme = /^\s*(\w+)/.exec(header)?.[1]?.toLowerCase();
  if (scheme === 'basic') return { kind: 'basic' };
  if (scheme !== 'bearer') return undefined;
  const found = [...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value] as const);
  const { realm, ...parameters } = Object.fromEntries(found);
  return realm === undefined ? undefined : { kind: 'bearer', realm, parameters };
}

/** Pure: the value of an `Authorization` header for an account. */
export function basicAuthorization({ username, password }: RegistryAccount): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** A request for a token, as a value. */
export interface TokenRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Pure: how a token is asked for (distribution specification, "Token Authentication"). Undefined when the registry
 * would have the password sent in the clear over a network.
 */
export function tokenRequest(
  { realm, parameters }: Extract<AuthChallenge, { kind: 'bearer' }>,
  scope: string,
  account: RegistryAccount | undefined,
): TokenRequest | undefined {
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  const isPrivate = url?.protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '');
  if (url === undefined || !isPrivate) return undefined;
  const service = parameters['service'];
  if (account?.username === '<token>') {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'agentctl',
      refresh_token: account.password,
      scope,
      ...(service === undefined ? {} : { service }),
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return { url: url.href, method: 'POST', headers, body: form.toString() };
  }
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', scope);
  return { url: url.href, method: 'GET', headers: authorizationOf(account) };
}

function authorizationOf(account: RegistryAccount | undefined): Record<string, string> {
  return account === undefined ? {} : { authorization: basicAuthorization(account) };
}
