import type { Attributes } from './wire-value.js';

/** What a request about a resource has. */
export interface ResourceBody {
  readonly attributes: Attributes;
  readonly writeOnly?: Attributes;
  readonly prior?: Attributes;
}

/** What the cloud says is wrong, in the words of Google's clients. */
export class CloudError extends Error {
  override readonly name = 'CloudError';
  /** Of what is there although it could not be made. */
  readonly attributes: Attributes | undefined;

  constructor(message: string, attributes?: Attributes) {
    super(message);
    this.attributes = attributes;
  }
}

/** The fake cloud, over HTTP: see README.md. */
export interface CloudClient {
  create(type: string, body: ResourceBody): Promise<Attributes>;
  /** Undefined: it is gone. */
  read(type: string, id: string): Promise<Attributes | undefined>;
  update(type: string, id: string, body: ResourceBody): Promise<Attributes>;
  remove(type: string, id: string): Promise<void>;
  data(type: string, attributes: Attributes): Promise<Attributes>;
}

/** A client of one cloud. */
export function cloudClient(url: string): CloudClient {
  const pathOf = (type: string, id: string): string => `/terraform/resources/${type}/${encodeURIComponent(id)}`;
  const ask = async (method: string, path: string, body?: object): Promise<Attributes | undefined> => {
    const response = await fetch(new URL(path, url), {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new CloudError(
        `${method} ${path}: ${error instanceof Error ? error.message : String(error)}: unexpected EOF`,
      );
    });
    const text = await response.text();
    if (response.status === 404 && (method === 'GET' || method === 'DELETE')) return undefined;
    if (!response.ok) throw cloudError(response.status, text);
    return text === '' ? {} : ((JSON.parse(text) as { attributes?: Attributes }).attributes ?? {});
  };
  return {
    create: async (type, body) => (await ask('POST', `/terraform/resources/${type}`, body)) ?? {},
    read: async (type, id) => await ask('GET', pathOf(type, id)),
    update: async (type, id, body) => (await ask('PUT', pathOf(type, id), body)) ?? {},
    remove: async (type, id) => void (await ask('DELETE', pathOf(type, id))),
    data: async (type, attributes) => (await ask('POST', `/terraform/data/${type}`, { attributes })) ?? {},
  };
}

function cloudError(status: number, text: string): CloudError {
  try {
    const { error, attributes } = JSON.parse(text) as {
      error?: { code?: number; message?: string; status?: string };
      attributes?: Attributes;
    };
    const reason = error?.status === undefined ? '' : `, ${error.status}`;
    return new CloudError(`googleapi: Error ${error?.code ?? status}: ${error?.message ?? text}${reason}`, attributes);
  } catch {
    return new CloudError(`googleapi: got HTTP response code ${status} with body: ${text}`);
  }
}
