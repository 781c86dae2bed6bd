import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { releaseHeader } from '../protocol.js';

const dropped: ReadonlySet<string> = new Set(['connection', 'upgrade', 'http2-settings', 'keep-alive']);

/**
 * Passes on a request that offers to change to something other than WebSocket, without the offer. Java's HttpClient offers
 * HTTP/2 with every first request; Node has taken its connection out of the HTTP parser by then, so the rest is copied
 * as it comes, for this one request.
 */
export function tunnelPlainUpgrade(
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
  upstream: Socket,
  release: string,
): void {
  const lines = [`${request.method ?? 'GET'} ${request.url ?? '/'} HTTP/1.1`];
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined || dropped.has(name)) continue;
    for (const item of Array.isArray(value) ? value : [value]) lines.push(`${name}: ${item}`);
  }
  upstream.on('error', () => client.destroy());
  upstream.write(`${[...lines, 'connection: close'].join('\r\n')}\r\n\r\n`);
  upstream.write(head);
  client.pipe(upstream);
  let beginning = '';
  const onBeginning = (chunk: Buffer): void => {
    beginning += chunk.toString('latin1');
    const end = beginning.indexOf('\r\n');
    if (end === -1) return;
    upstream.removeListener('data', onBeginning);
    const withRelease = `${beginning.slice(0, end)}\r\n${releaseHeader}: ${release}${beginning.slice(end)}`;
    client.write(Buffer.from(withRelease, 'latin1'));
    upstream.pipe(client);
  };
  upstream.on('data', onBeginning);
}
