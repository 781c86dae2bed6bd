import type { FakeWorld } from '../../fake-world.js';
import { secretStore } from '../secretmanager/secret-store.js';
import type { PodSpec, Variable } from './knative.js';

/** What the variables of a container are, or why one cannot be had. */
export type Variables =
  | { readonly kind: 'read'; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: 'failed'; readonly reason: string };

/** Reads versions of secrets, as far as the service account may (Cloud Run, "Configure secrets for services"). */
export function readVariables(world: FakeWorld, variables: readonly Variable[], spec: PodSpec): Variables {
  const store = world.state(secretStore);
  const values: Record<string, string> = {};
  for (const { name, value = '', valueFrom } of variables) {
    const reference = valueFrom?.secretKeyRef;
    if (reference === undefined) {
      values[name] = value;
      continue;
    }
    const secret = reference.name.split('/').at(-1) ?? '';
    const path = `projects/${world.projectNumber}/secrets/${secret}/versions/${reference.key}`;
    const account = spec.serviceAccountName;
    if (account !== undefined && !store.mayAccess(secret, `serviceAccount:${account}`)) {
      const reason = `Permission denied on secret: ${path} for Revision service account ${account}. The service account used must be granted the 'Secret Manager Secret Accessor' role (roles/secretmanager.secretAccessor) at the secret, project or higher level.`;
      return { kind: 'failed', reason };
    }
    const version = store.secrets.get(secret)?.find(reference.key);
    if (version?.data === undefined || version.state !== 'ENABLED') {
      const why = version === undefined ? 'was not found' : `is in ${version.state} state`;
      return { kind: 'failed', reason: `Secret ${path} ${why}` };
    }
    values[name] = version.data.toString('utf8');
  }
  return { kind: 'read', values };
}
