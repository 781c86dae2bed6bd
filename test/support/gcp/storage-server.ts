import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';

interface Kept {
  readonly text: string;
  readonly generation: number;
}

/** The part of Cloud Storage's JSON API that a state bucket needs, with real conditions, on loopback. */
export async function startStorage(bucket: string, projectNumber = '1') {
  const objects = new Map<string, Kept>();
  /** Statuses that the next requests are answered with, in place of being looked at. */
  const failures: number[] = [];
  let generations = 100;
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    objects,
    failures,
    url: `http://127.0.0.1:${port}`,
    stop: async () => await new Promise((done) => server.close(done)),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://storage');
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const send = (status: number, body: unknown, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    const fail = (status: number, message: string): void => send(status, { error: { code: status, message } });
    const failure = failures.shift();
    if (failure !== undefined) return fail(failure, 'backendError');
    if (request.headers.authorization !== 'Bearer ya29.test') return fail(401, 'UNAUTHENTICATED');
    const path = url.pathname.replace('/upload', '');
    if (!path.startsWith(`/storage/v1/b/${bucket}`)) return fail(404, 'The specified bucket does not exist.');
    if (path === `/storage/v1/b/${bucket}`) return send(200, { projectNumber });
    const key =
      decodeURIComponent(path.slice(`/storage/v1/b/${bucket}/o/`.length)) || (url.searchParams.get('name') ?? '');
    const kept = objects.get(key);
    const wanted = url.searchParams.get('ifGenerationMatch');
    if (wanted !== null && Number(wanted) !== (kept?.generation ?? 0)) return fail(412, 'conditionNotMet');
    if (request.method === 'POST') {
      generations += 1;
      objects.set(key, { text, generation: generations });
      return send(200, { name: key, generation: String(generations) });
    }
    const prefix = url.searchParams.get('prefix');
    if (prefix !== null) {
      const names = [...objects.keys()].filter((name) => name.startsWith(prefix)).toSorted();
      const from = Number(url.searchParams.get('pageToken') ?? '0');
      const items = names
        .slice(from, from + 2)
        .map((name) => ({ name, generation: String(objects.get(name)?.generation) }));
      return send(200, { items, ...(from + 2 < names.length ? { nextPageToken: String(from + 2) } : {}) });
    }
    if (kept === undefined) return fail(404, `No such object: ${bucket}/${key}`);
    if (request.method === 'DELETE') {
      objects.delete(key);
      return send(204, '');
    }
    const headers = { 'x-goog-generation': String(kept.generation), 'last-modified': new Date(0).toUTCString() };
    return send(200, kept.text, headers);
  }
}
