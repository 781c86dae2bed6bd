import type { FakeService, GoogleCall, Route } from '../../fake-service.js';
import { GoogleError, notFound } from '../../google-error.js';
import { iamState, type PoolEntry, policyOf, setPolicy } from './iam-state.js';

const poolsPath = '/v1/projects/{project}/locations/global/workloadIdentityPools';
const providersPath = `${poolsPath}/{pool}/providers`;
const accountsPath = '/v1/projects/{project}/serviceAccounts';

/** IAM v1: workload identity federation, service accounts and who may use them. */
export const iam: FakeService = {
  name: 'iam',
  routes: (world) => {
    const state = world.state(iamState);
    const poolName = (pool = ''): string =>
      `projects/${world.projectNumber}/locations/global/workloadIdentityPools/${pool}`;
    const providerName = (pool = '', provider = ''): string => `${poolName(pool)}/providers/${provider}`;
    const found = (name: string): PoolEntry & { readonly name: string } => {
      const entry = state.pools.get(name);
      if (entry === undefined) throw notFound('Requested entity was not found.');
      return { name, ...entry };
    };
    const done = (name: string): unknown => ({ name: `${name}/operations/op`, done: true, response: {} });
    const made = (name: string, body: unknown): unknown => {
      if (state.pools.has(name)) throw new GoogleError('ALREADY_EXISTS', 'Requested entity already exists');
      state.pools.set(name, { ...(body as object), state: 'ACTIVE' });
      return done(name);
    };
    const changed = (name: string, fields: object): unknown => {
      state.pools.set(name, { ...found(name), ...fields });
      return done(name);
    };
    /** Of a pool or of a provider: the same four. */
    const kept = (base: string, title: string, id: string, nameOf: (call: GoogleCall) => string): readonly Route[] => [
      { method: 'GET', path: `${base}/{id}`, name: `${title}.get`, handle: (call) => found(nameOf(call)) },
      {
        method: 'POST',
        path: base,
        name: `${title}.create`,
        handle: (call) => made(nameOf({ ...call, path: { ...call.path, id: call.query.get(id) ?? '' } }), call.body),
      },
      {
        method: 'PATCH',
        path: `${base}/{id}`,
        name: `${title}.patch`,
        handle: (call) => changed(nameOf(call), call.body as object),
      },
      {
        method: 'POST',
        path: `${base}/{id}:undelete`,
        name: `${title}.undelete`,
        handle: (call) => changed(nameOf(call), { state: 'ACTIVE' }),
      },
      {
        method: 'GET',
        path: `${base}/{id}/operations/{operation}`,
        name: `${title}.operations.get`,
        handle: (call) => done(nameOf(call)),
      },
    ];
    const emailOf = ({ path }: GoogleCall): string => {
      const email = path['email'] ?? '';
      if (!state.accounts.has(email)) {
        const message = `Permission 'iam.serviceAccounts.get' denied on resource (or it may not exist).`;
        throw new GoogleError('PERMISSION_DENIED', message);
      }
      return email;
    };
    const accountView = (email: string): unknown => {
      const displayName = state.accounts.get(email)?.displayName ?? '';
      return {
        name: `projects/${world.project}/serviceAccounts/${email}`,
        projectId: world.project,
        email,
        displayName,
      };
    };
    return [
      ...kept(poolsPath, 'projects.locations.workloadIdentityPools', 'workloadIdentityPoolId', ({ path }) =>
        poolName(path['id']),
      ),
      ...kept(
        providersPath,
        'projects.locations.workloadIdentityPools.providers',
        'workloadIdentityPoolProviderId',
        ({ path }) => providerName(path['pool'], path['id']),
      ),
      {
        method: 'GET',
        path: accountsPath,
        name: 'projects.serviceAccounts.list',
        handle: () => ({ accounts: [...state.accounts.keys()].map(accountView) }),
      },
      {
        method: 'POST',
        path: accountsPath,
        name: 'projects.serviceAccounts.create',
        handle: ({ body }) => {
          const { accountId, serviceAccount } = body as {
            accountId: string;
            serviceAccount?: { displayName?: string };
          };
          if (!/^[a-z][-a-z0-9]{4,28}[a-z0-9]$/.test(accountId))
            throw new GoogleError(
              'INVALID_ARGUMENT',
              `The account ID "${accountId}" does not have a length between 6 and 30.`,
            );
          const email = `${accountId}@${world.project}.iam.gserviceaccount.com`;
          if (state.accounts.has(email))
            throw new GoogleError('ALREADY_EXISTS', `Service account ${accountId} already exists`);
          state.accounts.set(email, { displayName: serviceAccount?.displayName ?? '' });
          return accountView(email);
        },
      },
      ...(['GET', 'POST'] as const).map((method): Route => ({
        method,
        path: `${accountsPath}/{email}:getIamPolicy`,
        name: 'projects.serviceAccounts.getIamPolicy',
        handle: (call) => policyOf(state, emailOf(call)),
      })),
      {
        method: 'POST',
        path: `${accountsPath}/{email}:setIamPolicy`,
        name: 'projects.serviceAccounts.setIamPolicy',
        handle: (call) => setPolicy(state, emailOf(call), call.body as Parameters<typeof setPolicy>[2]),
      },
    ];
  },
};
