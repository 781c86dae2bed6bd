import { setTimeout as delay } from 'node:timers/promises';
import { gcloudFailure } from './gcloud-failure.js';
import type { AccessTokens } from './access-token.js';

/** One request to an API of Google. */
export interface RestRequest {
  readonly method: 'GET' | 'POST' | 'DELETE' | 'PATCH';
  readonly url: string;
  readonly body?: { readonly text: string; readonly type: string };
  /** Statuses that are an answer: of a condition that does not hold, of something that is not there. @default - none */
  readonly expected?: readonly number[];
  /** `storage objects read`, for messages. */
  readonly what: string;
  readonly signal: AbortSignal;
}

/** Requests of APIs for what gcloud cannot do, or only with a process for each object. */
export interface GoogleRest {
  /** @throws AgentctlError of `gcloudFailure` */
  send(request: RestRequest): Promise<Response>;
}

export interface GoogleRestOptions {
  readonly tokens: AccessTokens;
  readonly project: string;
  /** Before the second attempt; doubles. @default 0.5 */
  readonly backoffSeconds?: number;
}

const attempts = 4;

/** Requests with the token of gcloud's login. What may pass is tried again: all that is sent here may be sent twice. */
export function googleRest({ tokens, project, backoffSeconds = 0.5 }: GoogleRestOptions): GoogleRest {
  const once = async ({ method, url, body, what, signal }: RestRequest): Promise<Response> => {
    const token = await tokens.current(signal);
    try {
      return await fetch(url, {
        method,
        signal,
        redirect: 'error',
        headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': body.type }) },
        ...(body === undefined ? {} : { body: body.text }),
      });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw gcloudFailure(`UNAVAILABLE: ${reasonOf(error)}`, { what, project }, error);
    }
  };
  const checked = async (request: RestRequest): Promise<Response> => {
    const response = await once(request);
    if (response.ok || request.expected?.includes(response.status) === true) return response;
    const text = await response.text().catch(() => '');
    throw gcloudFailure(`HTTPError ${response.status}: ${messageOf(text)}`, { what: request.what, project });
  };
  return {
    async send(request) {
      for (let attempt = 1, isRefreshed = false; ; attempt++) {
        try {
          return await checked(request);
        } catch (error) {
          const failure = error instanceof Error && 'retryable' in error ? error : undefined;
          const { reason } = reasonIn(failure);
          if (reason === 'not-logged-in' && !isRefreshed) {
            // The token may be one of before a login.
            tokens.forget();
            isRefreshed = true;
            continue;
          }
          if (failure?.retryable !== true || attempt === attempts) throw error;
          await delay(backoffSeconds * 2 ** (attempt - 1) * 1000, undefined, { signal: request.signal });
        }
      }
    },
  };
}

function reasonIn(error: (Error & { readonly data?: unknown }) | undefined): { readonly reason?: unknown } {
  const data = error?.data;
  return typeof data === 'object' && data !== null && 'reason' in data ? { reason: data.reason } : {};
}

/** What undici says is `fetch failed`; why is in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** `{"error":{"message":…,"status":…,"details":[…]}}`, on one line. */
function messageOf(text: string): string {
  try {
    const parsed: unknown = JSON.parse(text);
    const error = typeof parsed === 'object' && parsed !== null && 'error' in parsed ? parsed.error : undefined;
    if (typeof error === 'object' && error !== null && 'message' in error) {
      return JSON.stringify(error).slice(0, 2000);
    }
  } catch {
    // Some answers are HTML.
  }
  return text.slice(0, 300).replaceAll(/\s+/g, ' ');
}
