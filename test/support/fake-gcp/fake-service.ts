import type { IncomingHttpHeaders } from 'node:http';
import type { HttpReply } from '../cloud/http-message.js';
import type { FakeWorld } from './fake-world.js';

/** A call that was routed. */
export interface GoogleCall {
  /** Of the names in the path. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** JSON, parsed; undefined without. */
  readonly body: unknown;
  readonly raw: Buffer;
  /** Of a regional endpoint, `europe-west3-run.googleapis.com`. */
  readonly region: string | undefined;
}

/** A method of an API. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/v1/projects/{project}/secrets/{secret}:addVersion`; `{name+}` is one or more segments. */
  readonly path: string;
  /** As in the discovery document, without the service: `projects.secrets.addVersion`. */
  readonly name: string;
  /** Returns JSON, or a whole answer by {@link reply}. */
  readonly handle: (call: GoogleCall) => unknown;
}

/** One API. */
export interface FakeService {
  /** The first part of its host name: `run`, `secretmanager`. */
  readonly name: string;
  readonly routes: (world: FakeWorld) => readonly Route[];
}

const answers = new WeakSet<object>();

/** An answer that is not plain JSON. */
export function reply(status: number, headers: Readonly<Record<string, string>>, body: string | Uint8Array): HttpReply {
  const answer = { status, headers, body };
  answers.add(answer);
  return answer;
}

export function isReply(value: unknown): value is HttpReply {
  return typeof value === 'object' && value !== null && answers.has(value);
}
