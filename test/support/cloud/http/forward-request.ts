import { type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What a request is passed on to. */
export interface Upstream {
  readonly host: string;
  readonly port: number;
  /** Requests that it is answering. */
  inFlight: number;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** A request on its way through a proxy. */
export interface ForwardedRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly upstream: Upstream;
  readonly headers: Headers;
  readonly idleSeconds: number;
  /** Answers in the words of the cloud; only as long as nothing was answered. */
  readonly refuse: (status: 502 | 504, text: string) => void;
}

/** Streams a request and its answer; a connection that breaks on one side breaks on the other. */
export function forwardRequest({ request, response, upstream, headers, idleSeconds, refuse }: ForwardedRequest): void {
  upstream.inFlight += 1;
  let isOver = false;
  const over = (): void => {
    if (isOver) return;
    isOver = true;
    upstream.inFlight -= 1;
  };
  const { method, url: path } = request;
  const passed = httpRequest(
    { host: upstream.host, port: upstream.port, method, path, headers, agent: false, setHost: false },
    (answer) => {
      const { connection: _connection, 'keep-alive': _keepAlive, ...rest } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, rest);
      response.flushHeaders();
      answer.pipe(response);
      // A target that dies in the middle: the client must not take what it has for the whole.
      answer.on('aborted', () => response.destroy());
    },
  );
  passed.setTimeout(idleSeconds * 1000, () => {
    if (response.headersSent) response.destroy();
    else refuse(504, 'Gateway Time-out');
    passed.destroy();
  });
  passed.on('error', () => {
    if (response.headersSent) response.destroy();
    else refuse(502, 'Bad Gateway');
  });
  response.on('close', () => {
    over();
    passed.destroy();
  });
  request.on('error', () => passed.destroy());
  request.pipe(passed);
}

/** A WebSocket, or whatever a connection is to become. */
export interface ForwardedUpgrade {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  readonly head: Buffer;
  readonly upstream: Upstream;
  readonly headers: Headers;
}

/** Joins both connections when the upstream agrees. */
export function forwardUpgrade({ request, socket, head, upstream, headers }: ForwardedUpgrade): void {
  upstream.inFlight += 1;
  socket.once('close', () => (upstream.inFlight -= 1));
  socket.on('error', () => socket.destroy());
  const passed = httpRequest({
    host: upstream.host,
    port: upstream.port,
    method: request.method,
    path: request.url,
    headers: { ...headers, connection: 'upgrade', upgrade: request.headers.upgrade },
    agent: false,
    setHost: false,
  });
  passed.on('upgrade', (answer, back: Socket, first) => {
    const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`];
    for (let index = 0; index < answer.rawHeaders.length; index += 2) {
      lines.push(`${answer.rawHeaders[index]}: ${answer.rawHeaders[index + 1]}`);
    }
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    back.on('error', () => socket.destroy());
    socket.once('close', () => back.destroy());
    if (head.length > 0) back.write(head);
    if (first.length > 0) socket.write(first);
    back.pipe(socket);
    socket.pipe(back);
  });
  passed.on('response', (answer) => void socket.end(`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n\r\n`));
  passed.on('error', () => void socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
  passed.end();
}
