import { once } from 'node:events';

const MAX_BODY_BYTES = 64 * 1024;

/** A request that is answered with this status and message. */
export class HttpError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** The request body as JSON. Throws {@link HttpError} 413 above 64 KiB and 400 when it is not JSON. */
export async function readJson(request) {
  const chunks = [];
  let bytes = 0;
  // Past the limit the rest is read and dropped: closing the socket on a client that is still sending hides the answer.
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (bytes > MAX_BODY_BYTES) throw new HttpError(413, 'the body is larger than 64 KiB');
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new HttpError(400, 'the body is not valid JSON');
  }
}

/** Answers with a JSON document. */
export function sendJson(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}

/** Starts a server-sent event stream. `signal` aborts when the client goes away. */
export function openEventStream(response) {
  const abort = new AbortController();
  response.once('close', () => abort.abort());
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // nginx would otherwise collect the tokens and deliver them at once.
    'x-accel-buffering': 'no',
  });
  response.flushHeaders();
  return {
    signal: abort.signal,
    async send(event, data) {
      const accepted = response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      if (!accepted && !abort.signal.aborted) await once(response, 'drain', { signal: abort.signal });
    },
    end() {
      response.end();
    },
  };
}
