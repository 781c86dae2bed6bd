import * as z from 'zod';
import { AgentctlError } from '../../../errors.js';
import type { ListedObject, ObjectStore } from '../../../object-store.js';
import type { AccountTools } from '../account/account-tools.js';
import type { GoogleRest, RestRequest } from '../gcloud/google-rest.js';
import type { StateTools } from './state-tools.js';
import type { StorageEndpoint } from './storage-endpoint.js';

export interface OpenStateOptions {
  readonly rest: GoogleRest;
  readonly account: AccountTools;
  readonly endpoint: StorageEndpoint;
  readonly bucketName: string;
}

const bucketAnswer = z.object({ projectNumber: z.union([z.string(), z.number()]).transform(String) });
const objectAnswer = z.object({ generation: z.union([z.string(), z.number()]).transform(String) });
/** Version 4 of Terraform's state, as far as it is of use here. */
const stateAnswer = z.object({
  outputs: z.record(z.string(), z.object({ value: z.unknown() })).default({}),
  resources: z.array(z.unknown()).default([]),
});
const listAnswer = z.object({
  items: z.array(objectAnswer.extend({ name: z.string() })).default([]),
  nextPageToken: z.string().optional(),
});

/**
 * Opens {@link StateTools} on the JSON API of Cloud Storage. gcloud can write under a condition as well (`storage cp
 * --if-generation-match`), but it takes two seconds for each object, and two calls to read one with its generation.
 */
export function openState({ rest, account, endpoint, bucketName }: OpenStateOptions): StateTools {
  const objects = objectsOf(rest, endpoint, bucketName);
  return {
    bucketName,
    async exists(signal) {
      const url = `${endpoint.api}/b/${bucketName}?fields=projectNumber`;
      const [response, { projectNumber, project }] = await Promise.all([
        rest.send({ method: 'GET', url, what: 'storage buckets get', signal, expected: [404] }),
        account.identity(signal),
      ]);
      if (response.status === 404) return false;
      const bucket = bucketAnswer.parse(await response.json());
      if (bucket.projectNumber !== projectNumber) throw foreign(bucketName, project, bucket.projectNumber);
      return true;
    },
    async terraformOutputs(prefix, signal) {
      // GCS backend of Terraform: `<prefix>/<workspace>.tfstate`.
      const object = await objects.read(`${prefix}/default.tfstate`, signal);
      if (object === undefined) return undefined;
      const state = stateAnswer.parse(JSON.parse(new TextDecoder().decode(object.bytes)));
      if (state.resources.length === 0) return undefined;
      return Object.fromEntries(Object.entries(state.outputs).map(([name, { value }]) => [name, value]));
    },
    objects,
  };
}

const never = new AbortController().signal;

function objectsOf(rest: GoogleRest, { api, upload }: StorageEndpoint, bucket: string): ObjectStore {
  const objects = `${api}/b/${bucket}/o`;
  const send = async (request: Omit<RestRequest, 'signal'>, signal = never): Promise<Response | undefined> => {
    const response = await rest.send({ ...request, signal });
    if (response.status === 412) return undefined;
    if (response.status !== 404) return response;
    const text = await response.text();
    if (/bucket does not exist/i.test(text)) throw notBootstrapped(bucket);
    return undefined;
  };
  const put = async (key: string, text: string, generation: string | undefined, signal?: AbortSignal) => {
    const condition = generation === undefined ? '' : `&ifGenerationMatch=${generation}`;
    const response = await send(
      {
        method: 'POST',
        url: `${upload}/b/${bucket}/o?uploadType=media&name=${encodeURIComponent(key)}${condition}`,
        body: { text, type: 'application/json' },
        what: 'storage objects create',
        expected: [404, 412],
      },
      signal,
    );
    return response === undefined ? undefined : objectAnswer.parse(await response.json()).generation;
  };
  return {
    place: (key) => `gs://${bucket}/${key}`,
    async read(key, signal) {
      const url = `${objects}/${encodeURIComponent(key)}?alt=media`;
      const response = await send({ method: 'GET', url, what: 'storage objects get', expected: [404] }, signal);
      if (response === undefined) return undefined;
      const version = response.headers.get('x-goog-generation');
      const modified = Date.parse(response.headers.get('last-modified') ?? '');
      if (version === null) throw new Error(`Cloud Storage told no generation of ${key}`);
      const bytes = new Uint8Array(await response.arrayBuffer());
      return { bytes, version, modifiedAt: Number.isNaN(modified) ? 0 : modified };
    },
    // JSON API, "Request preconditions": generation 0 is that of an object that is not there.
    create: async (key, text, signal) => await put(key, text, '0', signal),
    replace: async (key, text, version, signal) => await put(key, text, version, signal),
    async write(key, text, signal) {
      const version = await put(key, text, undefined, signal);
      if (version === undefined) throw new Error(`Cloud Storage did not write ${key}`);
      return version;
    },
    async remove(key, version, signal) {
      const url = `${objects}/${encodeURIComponent(key)}?ifGenerationMatch=${version}`;
      const request = { method: 'DELETE', url, what: 'storage objects delete', expected: [404, 412] } as const;
      return (await send(request, signal)) !== undefined;
    },
    async list(prefix, signal) {
      const found: ListedObject[] = [];
      let page = '';
      do {
        const query = `prefix=${encodeURIComponent(prefix)}&fields=nextPageToken,items(name,generation)${page}`;
        const request = {
          method: 'GET',
          url: `${objects}?${query}`,
          what: 'storage objects list',
          expected: [404],
        } as const;
        const response = await send(request, signal);
        const { items, nextPageToken } = listAnswer.parse((await response?.json()) ?? {});
        found.push(...items.map(({ name, generation }) => ({ key: name, version: generation })));
        page = nextPageToken === undefined ? '' : `&pageToken=${encodeURIComponent(nextPageToken)}`;
      } while (page !== '');
      return found.toSorted((left, right) => (left.key < right.key ? -1 : 1));
    },
  };
}

function notBootstrapped(bucket: string): AgentctlError {
  return new AgentctlError('EnvironmentNotReady', `there is no state bucket ${bucket}`, {
    fix: 'prepare the project once: agentctl bootstrap --cloud gcp',
  });
}

function foreign(bucket: string, project: string, owner: string): AgentctlError {
  return new AgentctlError('Refused', `the bucket ${bucket} belongs to project number ${owner}, not to ${project}`, {
    fix: 'nothing was read from it; somebody else has taken the name, which is that of no other project: ask Google Cloud support, or use another project',
  });
}
