import { request as httpRequest } from 'node:http';
import type { FakeGcp } from './fake-gcp.js';

/** An answer of an API. */
export interface ApiAnswer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- what an API answers is looked into as it comes
  readonly body: any;
}

/** Calls an API of the fake over HTTP: `await call('secretmanager', 'GET', '/v1/projects/…')`. */
export function apiClient(fake: FakeGcp) {
  return async (service: string, method: string, path: string, body?: unknown): Promise<ApiAnswer> => {
    const prefix = service === 'storage' || service === 'terraform' ? '' : `/-/${service}`;
    const answer = await fetch(`${fake.url}${prefix}${path}`, {
      method,
      headers: { authorization: `Bearer ${fake.world.accessToken}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
  };
}

/** Asks a host of the fake as a browser would: `web-123.europe-west3.run.app`, without TLS. */
export async function getFrom(fake: FakeGcp, host: string, path = '/'): Promise<{ status: number; text: string }> {
  return await new Promise((resolve, reject) => {
    const { hostname, port } = new URL(fake.url);
    const request = httpRequest({ hostname, port, path, headers: { host }, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
      });
    });
    request.on('error', reject);
    request.end();
  });
}
