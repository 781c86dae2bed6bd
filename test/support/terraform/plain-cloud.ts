import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

type Attributes = Readonly<Record<string, unknown>>;

/** As Google says what is wrong. */
interface GoogleError {
  readonly code: number;
  readonly message: string;
  readonly status: string;
}

/** A request about a resource, as the provider sends it. */
export interface CloudRequest {
  readonly method: string;
  readonly type: string;
  readonly id: string | undefined;
  readonly body: { readonly attributes?: Attributes; readonly writeOnly?: Attributes; readonly prior?: Attributes };
}

/** Keeps what it is given, adds what Google computes whatever the type, and means nothing by it. */
export interface PlainCloud {
  readonly url: string;
  /** Attributes by type and id. */
  readonly resources: Map<string, Attributes>;
  readonly requests: CloudRequest[];
  /** Answers the next request that changes a resource of this type with an error; `made`: and keeps it nevertheless. */
  refuse(type: string, error: GoogleError, made?: Attributes): void;
  stop(): Promise<void>;
}

/** What every resource has, so that whatever is referred to is there. */
const computed = {
  address: '10.1.2.3',
  cert: 'PEM',
  email: 'api@my-project.iam.gserviceaccount.com',
  host: '10.1.2.4',
  ip_address: '10.1.2.5',
  member: 'serviceAccount:api@my-project.iam.gserviceaccount.com',
  number: '123456789012',
  port: 6378,
  private_ip_address: '10.1.2.6',
  self_link: 'https://www.googleapis.com/x',
  server_ca_cert: [{ cert: 'PEM' }],
  server_ca_certs: [{ cert: 'PEM' }],
  service_account_email_address: 'p@gcp-sa-cloud-sql.iam.gserviceaccount.com',
  uptime_check_id: 'check',
};

/** Starts one on loopback. */
export async function startPlainCloud(): Promise<PlainCloud> {
  const resources = new Map<string, Attributes>();
  const requests: CloudRequest[] = [];
  const refusals = new Map<string, { readonly error: GoogleError; readonly made: Attributes | undefined }>();
  let made = 0;
  const answer = ({ method, type, id, body }: CloudRequest): { status: number; body?: object } => {
    const refusal = method === 'GET' ? undefined : refusals.get(type);
    if (refusal !== undefined) {
      refusals.delete(type);
      if (refusal.made !== undefined) resources.set(`${type} ${String(refusal.made['id'])}`, refusal.made);
      return {
        status: 400,
        body: { error: refusal.error, ...(refusal.made === undefined ? {} : { attributes: refusal.made }) },
      };
    }
    const attributes = body.attributes ?? {};
    if (method === 'POST') {
      made += 1;
      const named = String(attributes['name'] ?? `n${made}`);
      const newId = `projects/my-project/${type}/${named}/${made}`;
      const all = { ...computed, name: named, ...attributes, id: newId, etag: '1' };
      resources.set(`${type} ${newId}`, all);
      return { status: 200, body: { attributes: all } };
    }
    const key = `${type} ${id}`;
    const before = resources.get(key);
    if (before === undefined) return { status: 404, body: { error: { code: 404, message: 'not found' } } };
    if (method === 'DELETE') resources.delete(key);
    if (method === 'PUT')
      resources.set(key, { ...computed, name: before['name'], ...attributes, id, etag: `${String(before['etag'])}+` });
    return { status: 200, body: { attributes: resources.get(key) ?? {} } };
  };
  const server = createServer((request, response) => {
    const [, , kind, type = '', id] = (request.url ?? '').split('/');
    const method = request.method ?? '';
    void (method === 'GET' || method === 'DELETE' ? Promise.resolve({}) : json(request)).then((body) => {
      const asked: CloudRequest = {
        method,
        type,
        id: id === undefined ? undefined : decodeURIComponent(id),
        body: body as CloudRequest['body'],
      };
      requests.push(asked);
      const { status, body: said } = kind === 'data' ? { status: 200, body: { attributes: computed } } : answer(asked);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    resources,
    requests,
    refuse: (type, error, made) => void refusals.set(type, { error, made }),
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
