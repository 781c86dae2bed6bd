import type { sendUnaryData, ServerUnaryCall, UntypedServiceImplementation } from '@grpc/grpc-js';
import { type CloudClient, CloudError } from './cloud-client.js';
import { type ProviderSchema, providerSchema, type TypeSchema } from './provider-schema.js';
import { applied, configuredIn, looked, madeOf, planned, refreshed } from './resource-calls.js';
import { fromState, readObject, type WireObject, writeObject } from './wire-value.js';

type Value = { readonly msgpack: Uint8Array } | null;

interface Request {
  readonly type_name: string;
  readonly raw_state: { readonly json: Uint8Array };
  readonly current_state: Value;
  readonly private: Uint8Array;
  readonly prior_state: Value;
  readonly planned_state: Value;
  readonly config: Value;
  readonly prior_private: Uint8Array;
  readonly planned_private: Uint8Array;
}

const anyType = new TextEncoder().encode('"dynamic"');
const nothing: TypeSchema = { attributes: new Set(), writeOnly: new Set() };

/** The methods of a provider. `texts`: of the configurations in use. */
export function providerCalls(cloud: CloudClient, texts: () => readonly string[]): UntypedServiceImplementation {
  let schema: ProviderSchema | undefined;
  const known = (): ProviderSchema => (schema ??= providerSchema(texts()));
  const resource = ({ type_name: type }: Request): TypeSchema => known().resources.get(type) ?? nothing;
  return {
    GetProviderSchema: method(async () => {
      schema = providerSchema(texts());
      return {
        provider: schemaMessage(schema.provider, false),
        resource_schemas: schemaMessages(schema.resources),
        data_source_schemas: schemaMessages(schema.data),
      };
    }),
    ValidateProviderConfig: method(async () => ({})),
    ValidateResourceConfig: method(async () => ({})),
    ValidateDataResourceConfig: method(async () => ({})),
    ConfigureProvider: method(async () => ({})),
    StopProvider: method(async () => ({})),
    UpgradeResourceState: method(async (request) => {
      const stored = JSON.parse(new TextDecoder().decode(request.raw_state.json)) as Readonly<Record<string, unknown>>;
      const names = [...resource(request).attributes];
      return { upgraded_state: writeObject(Object.fromEntries(names.map((name) => [name, fromState(stored[name])]))) };
    }),
    ReadResource: method(async (request) => {
      const before = { state: readObject(request.current_state), configured: readNames(request.private) };
      return await answer(
        'reading',
        request,
        { new_state: request.current_state, private: request.private },
        async () => ({
          new_state: writeObject(await refreshed(cloud, request.type_name, resource(request), before)),
        }),
      );
    }),
    PlanResourceChange: method(async (request) => {
      const config = readObject(request.config) ?? {};
      const prior = { state: readObject(request.prior_state), configured: readNames(request.prior_private) };
      const { state, replace } = planned(request.type_name, resource(request), prior, config);
      return {
        planned_state: writeObject(state),
        requires_replace: replace.map((name) => ({ steps: [{ attribute_name: name }] })),
        planned_private: writeNames(configuredIn(config)),
        // What Google says of a configured argument may differ from it, as with the real provider.
        legacy_type_system: true,
      };
    }),
    ApplyResourceChange: method(async (request) => {
      const [before, after, config] = [request.prior_state, request.planned_state, request.config].map(readObject) as [
        WireObject | null,
        WireObject | null,
        WireObject | null,
      ];
      const verb = after === null ? 'deleting' : before === null ? 'creating' : 'updating';
      const unchanged = { new_state: writeObject(before), private: request.planned_private, legacy_type_system: true };
      const schemaOfType = resource(request);
      const change = { before, after, config, configured: readNames(request.planned_private) };
      // Made, but not as it should be: kept in the state, and marked to be replaced.
      const kept = ({ attributes }: CloudError): object =>
        attributes === undefined || before !== null || after === null
          ? {}
          : { new_state: writeObject(madeOf(schemaOfType, change, attributes)) };
      return await answer(
        verb,
        request,
        unchanged,
        async () => ({
          new_state: writeObject(await applied(cloud, request.type_name, schemaOfType, change)),
        }),
        kept,
      );
    }),
    ReadDataSource: method(async (request) => {
      const type = known().data.get(request.type_name) ?? nothing;
      return await answer('reading', request, {}, async () => ({
        state: writeObject(await looked(cloud, request.type_name, type, readObject(request.config) ?? {})),
      }));
    }),
  };
}

/** What the cloud says is wrong is a diagnostic, beside `otherwise`. */
async function answer(
  verb: string,
  { type_name: type }: Request,
  otherwise: object,
  work: () => Promise<object>,
  kept: (error: CloudError) => object = () => ({}),
): Promise<object> {
  try {
    return { ...otherwise, ...(await work()) };
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    return {
      ...otherwise,
      ...kept(error),
      diagnostics: [{ severity: 1, summary: `Error ${verb} ${type}: ${error.message}`, detail: '' }],
    };
  }
}

function method(work: (request: Request) => Promise<object>) {
  return ({ request }: ServerUnaryCall<Request, object>, done: sendUnaryData<object>): void => {
    work(request).then(
      (response) => done(null, response),
      (error: unknown) =>
        done({
          name: 'Error',
          message: error instanceof Error ? (error.stack ?? error.message) : String(error),
          code: 13,
        }),
    );
  };
}

function schemaMessages(types: ReadonlyMap<string, TypeSchema>): object {
  return Object.fromEntries([...types].map(([type, schema]) => [type, schemaMessage(schema, true)]));
}

function schemaMessage({ attributes, writeOnly }: TypeSchema, computed: boolean): object {
  return {
    version: 0,
    block: {
      attributes: [...attributes].map((name) => ({
        name,
        type: anyType,
        optional: true,
        computed: computed && !writeOnly.has(name),
        write_only: writeOnly.has(name),
      })),
    },
  };
}

function readNames(bytes: Uint8Array): readonly string[] {
  return bytes.length === 0 ? [] : (JSON.parse(new TextDecoder().decode(bytes)) as readonly string[]);
}

function writeNames(names: readonly string[]): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(names));
}
