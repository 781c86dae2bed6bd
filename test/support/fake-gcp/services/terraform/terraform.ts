import type { FakeService, GoogleCall, Route } from '../../fake-service.js';
import { reply } from '../../fake-service.js';
import type { FakeWorld } from '../../fake-world.js';
import { GoogleError, notFound } from '../../google-error.js';
import { FailedAfterCreation } from './failed-after-creation.js';
import { computedAttributes } from './computed-attributes.js';
import { resourceId } from './resource-id.js';
import { resourceStore } from './resource-store.js';
import { resourceTypes } from './resource-types.js';
import type { Attributes, ResourceContext, ResourceType } from './resource-type.js';

/** What the stand-in for Google's provider asks: test/support/fake-google-provider/README.md. */
export const terraform: FakeService = { name: 'terraform', routes };

interface Body {
  readonly attributes?: Attributes;
  readonly writeOnly?: Attributes;
  readonly prior?: Attributes;
}

const one = '/terraform/resources/{type}/{id}';
/** Making one that is there is no conflict: a binding, a switch. */
const isIdempotent = (type: string): boolean => /_iam_member$|^google_project_service$|_attachment$/.test(type);

function routes(world: FakeWorld): readonly Route[] {
  const store = world.state(resourceStore);
  const typeOf = (name: string): ResourceType | undefined => resourceTypes.find(({ type }) => type === name);
  const contextOf = ({ body }: GoogleCall): ResourceContext => {
    return { world, writeOnly: ((body ?? {}) as Body).writeOnly ?? {} };
  };
  const stored = ({ path }: GoogleCall): Attributes => {
    const found = store.of(path['type'] ?? '').get(path['id'] ?? '');
    if (found === undefined) throw notFound(`${path['type']} ${path['id']} was not found`);
    return found;
  };
  return [
    {
      method: 'POST',
      path: '/terraform/resources/{type}',
      name: 'resources.create',
      handle: async (call) => {
        const { type = '' } = call.path;
        const { attributes = {} } = call.body as Body;
        const id = resourceId(world, type, attributes);
        const known = store.of(type);
        if (known.has(id) && !isIdempotent(type)) {
          throw new GoogleError('ALREADY_EXISTS', `Resource '${id}' already exists.`, { reason: 'alreadyExists' });
        }
        const computed = computedAttributes(world, type, id, attributes);
        const first = { ...computed, ...attributes, id };
        try {
          const own = (await typeOf(type)?.create(first, contextOf(call))) ?? {};
          const made = { ...computed, ...own, ...attributes, id };
          known.set(id, made);
          return { attributes: made };
        } catch (error) {
          if (!(error instanceof FailedAfterCreation)) throw error;
          // It is there although it failed: the provider keeps it in the state, tainted.
          known.set(id, first);
          const body = JSON.stringify({ ...(error.body as object), attributes: first });
          return reply(error.code, { 'content-type': 'application/json' }, body);
        }
      },
    },
    {
      method: 'GET',
      path: one,
      name: 'resources.read',
      handle: async (call) => {
        const attributes = stored(call);
        const type = typeOf(call.path['type'] ?? '');
        if (type?.read === undefined) return { attributes };
        const now = await type.read(attributes, contextOf(call));
        if (now === undefined) {
          // Taken away by gcloud: its name is free.
          store.of(call.path['type'] ?? '').delete(call.path['id'] ?? '');
          throw notFound(`${call.path['type']} ${call.path['id']} was not found`);
        }
        return { attributes: { ...attributes, ...now } };
      },
    },
    {
      method: 'PUT',
      path: one,
      name: 'resources.update',
      handle: async (call) => {
        const before = stored(call);
        const { type = '', id = '' } = call.path;
        const { attributes = {}, prior = before } = call.body as Body;
        const next = { ...before, ...attributes, id };
        const own = (await typeOf(type)?.update?.(next, prior, contextOf(call))) ?? {};
        const made = { ...before, ...own, ...attributes, id };
        store.of(type).set(id, made);
        return { attributes: made };
      },
    },
    {
      method: 'DELETE',
      path: one,
      name: 'resources.delete',
      handle: async (call) => {
        const attributes = stored(call);
        const { type = '', id = '' } = call.path;
        if (attributes['deletion_protection'] === true) {
          // Google's provider says so before it asks Google.
          const message = `cannot destroy ${type} without setting deletion_protection=false and running \`terraform apply\``;
          throw new GoogleError('FAILED_PRECONDITION', message);
        }
        if (attributes['deletion_policy'] !== 'ABANDON') await typeOf(type)?.delete?.(attributes, contextOf(call));
        store.of(type).delete(id);
        return {};
      },
    },
    {
      method: 'POST',
      path: '/terraform/data/{type}',
      name: 'data.read',
      handle: ({ path, body }) => {
        const { attributes = {} } = body as Body;
        if (path['type'] !== 'google_project') {
          throw new GoogleError('INVALID_ARGUMENT', `the fake has no data source ${path['type']}`);
        }
        const { project, projectNumber } = world;
        return {
          attributes: {
            ...attributes,
            id: `projects/${project}`,
            project_id: project,
            number: projectNumber,
            name: project,
          },
        };
      },
    },
  ];
}
