import type { Faults } from '../cloud/make-faults.js';
import type { HttpReply, HttpRequest } from '../cloud/http-message.js';
import type { RecordedCall } from '../cloud/recorded-call.js';
import { callAddress } from './call-address.js';
import { type FakeService, isReply, type Route } from './fake-service.js';
import type { FakeWorld } from './fake-world.js';
import { faultError } from './fault-error.js';
import { findRoute } from './find-route.js';
import { GoogleError } from './google-error.js';

/** How a request ends: with an answer, or with a connection that is cut. */
export type Ending = HttpReply | 'cut' | 'reset';

/** Turns requests into calls of methods. */
export interface Edge {
  readonly answer: (request: HttpRequest, host: string) => Promise<Ending>;
  /** What the fake could not do or did wrong: each fails the test that stops it. */
  readonly mistakes: readonly unknown[];
}

export function makeEdge(
  world: FakeWorld,
  services: readonly FakeService[],
  faults: Faults,
  calls: RecordedCall[],
): Edge {
  const mistakes: unknown[] = [];
  const tables = new Map<string, readonly Route[]>();
  const routesOf = (name: string): readonly Route[] => {
    const known = tables.get(name) ?? services.find((service) => service.name === name)?.routes(world) ?? [];
    tables.set(name, known);
    return known;
  };

  const checkCaller = (service: string, { headers }: HttpRequest): void => {
    if (service === 'terraform' || headers.authorization === `Bearer ${world.accessToken}`) return;
    const message =
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.';
    throw new GoogleError('UNAUTHENTICATED', message);
  };

  return {
    mistakes,
    async answer(request, host) {
      const { service, path, region } = callAddress(request, host);
      const found = findRoute(routesOf(service), request.method, path);
      if (found === undefined) {
        const message = `the fake has no ${service} ${request.method} ${path}`;
        mistakes.push(new Error(message));
        return json(501, new GoogleError('UNIMPLEMENTED', message).body);
      }
      const body = bodyOf(request);
      const recorded: RecordedCall = {
        service,
        operation: found.route.name,
        input: { ...found.path, ...Object.fromEntries(request.query), ...(body === undefined ? {} : { body }) },
        status: undefined,
        errorCode: undefined,
        isDone: false,
      };
      calls.push(recorded);
      const end = (status: number, errorCode?: string): void => void Object.assign(recorded, { status, errorCode });
      try {
        checkCaller(service, request);
        const fault = faults.take(service, found.route.name);
        const refusal = fault === undefined ? undefined : faultError(fault, service, found.route.name);
        if (refusal !== undefined) throw refusal;
        if (fault === 'refused' || fault === 'reset') {
          end(0);
          return fault === 'refused' ? 'cut' : 'reset';
        }
        const { query, headers } = request;
        const output: unknown = await found.route.handle({
          path: found.path,
          query,
          headers,
          body,
          raw: request.body,
          region,
        });
        recorded.isDone = true;
        if (fault === 'reply-lost') {
          end(0);
          return 'reset';
        }
        const answer = isReply(output) ? output : json(200, output ?? {});
        end(answer.status);
        return answer;
      } catch (error) {
        if (!(error instanceof GoogleError)) mistakes.push(error);
        // With a status that nobody tries again.
        const answer =
          error instanceof GoogleError ? error : new GoogleError('INVALID_ARGUMENT', `fake: ${String(error)}`);
        end(answer.code, answer.status);
        return json(answer.code, answer.body);
      }
    },
  };
}

function json(status: number, value: unknown): HttpReply {
  return { status, headers: { 'content-type': 'application/json; charset=UTF-8' }, body: JSON.stringify(value) };
}

/** What says that it is JSON; an upload is what it is. */
function bodyOf({ headers, body, path }: HttpRequest): unknown {
  if (body.length === 0 || path.includes('/upload/') || !/json/.test(headers['content-type'] ?? '')) return undefined;
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
