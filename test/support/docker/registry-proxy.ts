import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { LocalRegistry } from './local-registry.js';

/** What goes wrong in front of a registry. */
export type RegistryFault =
  /** Every request that writes is answered so: 401, 429 (with Retry-After: 0), 500, 503. */
  | { readonly kind: 'status'; readonly status: 401 | 403 | 429 | 500 | 503; readonly times?: number }
  /** What Distribution answers when its disk is full, from the first blob on. */
  | { readonly kind: 'no-space'; readonly times?: number }
  /** The connection ends after so many bytes of a blob. */
  | { readonly kind: 'cut'; readonly afterBytes: number; readonly times?: number }
  /** Blobs get through, the manifest does not: everything is there but the image. */
  | { readonly kind: 'manifest-status'; readonly status: 401 | 429 | 500; readonly times?: number };

/** One request that came, in order. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
}

/** Stands between an engine and a registry. */
export interface RegistryProxy {
  /** Push here instead. */
  readonly address: string;
  /** Everything that was asked for so far. */
  readonly seen: readonly SeenRequest[];
  /** How often a fault has struck. */
  readonly struck: number;
  /** From now on. `times`: how often; for ever when it is not given. Undefined: all is well again. */
  become(fault: RegistryFault | undefined): void;
  stop(): Promise<void>;
}

/** Starts a proxy that passes everything on until it is told what to do wrong. */
export async function startRegistryProxy({ port }: Pick<LocalRegistry, 'port'>): Promise<RegistryProxy> {
  const seen: SeenRequest[] = [];
  let struck = 0;
  let fault: RegistryFault | undefined;
  const strikes = (message: IncomingMessage): RegistryFault | undefined => {
    if (fault === undefined || !concerns(fault, message)) return undefined;
    const now = fault;
    struck += 1;
    if (now.times !== undefined) fault = now.times <= 1 ? undefined : { ...now, times: now.times - 1 };
    return now;
  };
  const server = createServer((message, response) => {
    seen.push({ method: message.method ?? '', path: (message.url ?? '').split('?')[0] ?? '' });
    const now = strikes(message);
    if (now === undefined) pass(message, response, port);
    else if (now.kind === 'cut') pass(message, response, port, now.afterBytes);
    else refuse(message, response, now);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    address: `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    seen,
    get struck() {
      return struck;
    },
    become: (next) => void (fault = next),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const isBlob = (path: string): boolean => path.includes('/blobs/');
const writes = (method: string): boolean => ['POST', 'PUT', 'PATCH'].includes(method);

function concerns(fault: RegistryFault, { method = '', url = '' }: IncomingMessage): boolean {
  switch (fault.kind) {
    case 'status':
      return writes(method);
    case 'no-space':
      return writes(method) && isBlob(url);
    case 'cut':
      // An upload begins with an empty POST; the bytes come with what follows.
      return ['PATCH', 'PUT'].includes(method) && isBlob(url);
    case 'manifest-status':
      return method === 'PUT' && url.includes('/manifests/');
  }
}

function refuse(
  message: IncomingMessage,
  response: ServerResponse,
  fault: Exclude<RegistryFault, { kind: 'cut' }>,
): void {
  const status = fault.kind === 'no-space' ? 500 : fault.status;
  const error = fault.kind === 'no-space' ? noSpace : errors[fault.status];
  // Read to its end: closing on an engine that is still sending hides the answer.
  message.resume();
  message.on('end', () => {
    response.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'docker-distribution-api-version': 'registry/2.0',
      ...(status === 429 ? { 'retry-after': '0' } : {}),
      ...(status === 401 ? { 'www-authenticate': 'Basic realm="test"' } : {}),
    });
    response.end(JSON.stringify({ errors: [error] }));
  });
}

/** The words of Distribution 2.8 for a disk that is full (ENOSPC is 28). */
const noSpace = {
  code: 'UNKNOWN',
  message: 'unknown error',
  detail: { DriverName: 'filesystem', Enclosed: { Op: 'write', Path: '/var/lib/registry', Err: 28 } },
};

const errors: Readonly<Record<401 | 403 | 429 | 500 | 503, object>> = {
  401: { code: 'UNAUTHORIZED', message: 'authentication required', detail: null },
  403: { code: 'DENIED', message: 'requested access to the resource is denied', detail: null },
  429: { code: 'TOOMANYREQUESTS', message: 'too many requests', detail: null },
  500: { code: 'UNKNOWN', message: 'unknown error', detail: null },
  503: { code: 'UNAVAILABLE', message: 'service unavailable', detail: null },
};

/** The `host` stays as it came: the registry puts it into the addresses that uploads go on at. */
function pass(message: IncomingMessage, response: ServerResponse, port: number, cutAfter?: number): void {
  const { method, url: path, headers } = message;
  const onward = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  const cut = (): void => {
    onward.destroy();
    message.socket.destroy();
  };
  onward.on('error', cut);
  response.on('close', () => onward.destroy());
  let bytes = 0;
  if (cutAfter !== undefined) {
    message.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > cutAfter) cut();
    });
    // A blob smaller than that is cut at its end.
    message.on('end', cut);
  }
  message.pipe(onward);
}
