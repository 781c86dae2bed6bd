import { createHash } from 'node:crypto';
import * as z from 'zod';
import { AgentctlError } from '../../errors.js';
import { registryOrigin } from './image-reference.js';
import { basicAuthorization, parseChallenge, type RegistryAccount, tokenRequest } from './registry-auth.js';
import { registryFailure, registryUnreachable } from './registry-failure.js';
import { type ImageConfig, manifestTypes, parseConfig, parseManifest } from './registry-manifest.js';

/** Time for one answer. */
const timeoutSeconds = 30;

/** An image as its registry knows it. */
export interface RegistryImage {
  /** Of the manifest or index that the reference stands for. */
  readonly digest: string;
  /** One for each platform it exists for; without labels when there are several. */
  readonly variants: readonly ImageConfig[];
}

/** One repository of a registry, over HTTP: no engine is needed, and no layer is read. */
export interface RegistryClient {
  /** What a tag or a digest stands for now; undefined when there is no such thing. */
  readonly digestOf: (reference: string) => Promise<string | undefined>;
  /** Reads what an image is for. */
  readonly image: (reference: string) => Promise<RegistryImage | undefined>;
  /** Gives an image that is there another tag; nothing is uploaded. */
  readonly tag: (digest: string, tag: string) => Promise<void>;
  /** Begins an upload and takes it back. A push that fails does not tell what the registry said; this does, by throwing it. */
  readonly tryUpload: () => Promise<void>;
}

export interface RegistryClientOptions {
  readonly registry: string;
  readonly repository: string;
  /** Where its API answers. @default - at the name of the registry */
  readonly endpoint?: string;
  readonly account?: RegistryAccount | undefined;
  /** What the account must be allowed to do. */
  readonly access: 'pull' | 'pull,push';
  readonly signal: AbortSignal;
}

interface RegistryRequest {
  readonly method?: 'HEAD' | 'PUT' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface FetchedManifest {
  readonly digest: string;
  readonly text: string;
  readonly type: string;
}

const tokenSchema = z.object({ token: z.string().optional(), access_token: z.string().optional() });

/**
 * A client of one repository. Its functions throw EnvironmentNotReady (not permitted, unreachable) and BuildFailed; what
 * may pass is marked retryable.
 */
export function registryClient(options: RegistryClientOptions): RegistryClient {
  const { registry, repository, endpoint = registryOrigin(registry), account, access, signal } = options;
  const base = `${endpoint}/v2/${repository}`;
  let authorization: string | undefined;

  const send = async (url: string, init: RequestInit): Promise<Response> => {
    try {
      return await fetch(url, {
        ...init,
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1000)]),
      });
    } catch (error) {
      if (signal.aborted)
        throw new AgentctlError('Interrupted', 'interrupted', { fix: 'run the command again', cause: error });
      throw registryUnreachable(registry, error);
    }
  };

  const authorize = async (header: string | null): Promise<string | undefined> => {
    const challenge = header === null ? undefined : parseChallenge(header);
    if (challenge?.kind === 'basic') return account === undefined ? undefined : basicAuthorization(account);
    const request =
      challenge === undefined ? undefined : tokenRequest(challenge, `repository:${repository}:${access}`, account);
    if (request === undefined) return undefined;
    const answer = await send(request.url, request);
    if (!answer.ok) throw registryFailure(registry, answer.status, await textOf(answer));
    const parsed = tokenSchema.safeParse(parseJson(await textOf(answer)));
    const token = parsed.data?.token ?? parsed.data?.access_token;
    return token === undefined ? undefined : `Bearer ${token}`;
  };

  /** Undefined for 404. */
  const request = async (path: string, init: RegistryRequest = {}): Promise<Response | undefined> => {
    const headers = { accept: manifestTypes.join(', '), ...init.headers };
    const once = async (): Promise<Response> =>
      await send(`${base}/${path}`, {
        ...init,
        headers: { ...headers, ...(authorization === undefined ? {} : { authorization }) },
      });
    let answer = await once();
    if (answer.status === 401) {
      const refused = await textOf(answer);
      authorization = await authorize(answer.headers.get('www-authenticate'));
      if (authorization === undefined) throw registryFailure(registry, 401, refused);
      answer = await once();
    }
    if (answer.ok) return answer;
    const body = await textOf(answer);
    if (answer.status === 404) return undefined;
    throw registryFailure(registry, answer.status, body);
  };

  const manifest = async (reference: string): Promise<FetchedManifest | undefined> => {
    const answer = await request(`manifests/${reference}`);
    if (answer === undefined) return undefined;
    const text = await textOf(answer);
    const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
    if (reference.startsWith('sha256:') && digest !== reference) throw notWhatItSays(registry, reference);
    return { digest, text, type: answer.headers.get('content-type') ?? manifestTypes[3] };
  };

  const config = async (digest: string): Promise<ImageConfig> => {
    const answer = await request(`blobs/${digest}`);
    const parsed = answer === undefined ? undefined : parseConfig(parseJson(await textOf(answer)));
    if (parsed === undefined) throw notWhatItSays(registry, digest);
    return parsed;
  };

  const variantOf = async (entry: { readonly digest: string; readonly platform: string }): Promise<ImageConfig> => {
    const parsed = parseManifest(parseJson((await manifest(entry.digest))?.text ?? ''));
    return parsed?.kind === 'image' ? await config(parsed.config) : { platform: entry.platform, labels: {} };
  };

  return {
    async digestOf(reference) {
      const answer = await request(`manifests/${reference}`, { method: 'HEAD' });
      if (answer === undefined) return undefined;
      return answer.headers.get('docker-content-digest') ?? (await manifest(reference))?.digest;
    },
    async image(reference) {
      const found = await manifest(reference);
      if (found === undefined) return undefined;
      const parsed = parseManifest(parseJson(found.text));
      if (parsed === undefined) throw notWhatItSays(registry, reference);
      if (parsed.kind === 'image') return { digest: found.digest, variants: [await config(parsed.config)] };
      const [first, ...others] = parsed.entries;
      if (first !== undefined && others.length === 0)
        return { digest: found.digest, variants: [await variantOf(first)] };
      return { digest: found.digest, variants: parsed.entries.map(({ platform }) => ({ platform, labels: {} })) };
    },
    async tag(digest, tag) {
      const found = await manifest(digest);
      if (found === undefined) throw notWhatItSays(registry, digest);
      await request(`manifests/${tag}`, { method: 'PUT', headers: { 'content-type': found.type }, body: found.text });
    },
    async tryUpload() {
      const location = (await request('blobs/uploads/', { method: 'POST' }))?.headers.get('location');
      if (location === null || location === undefined) return;
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      await send(new URL(location, base).href, { method: 'DELETE', headers });
    },
  };
}

/** As it came: a byte order mark that is taken off would change the digest. */
async function textOf(answer: Response): Promise<string> {
  return Buffer.from(await answer.arrayBuffer()).toString('utf8');
}

/** Undefined for anything else: a proxy may answer with a page. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function notWhatItSays(registry: string, reference: string): AgentctlError {
  return new AgentctlError('BuildFailed', `what ${registry} has under ${reference} is not an image that can be read`, {
    fix: 'push the image again; nothing was deployed',
  });
}
