import { type CloudClient, CloudError } from './cloud-client.js';
import { isChangedByUpdates, isCreateOnly } from './create-only.js';
import type { TypeSchema } from './provider-schema.js';
import { type Attributes, isSame, toJson, toWire, unknown, type WireObject, type WireValue } from './wire-value.js';

/** A resource as Terraform knows it, and which of its attributes are of the configuration. */
export interface KnownResource {
  readonly state: WireObject | null;
  readonly configured: readonly string[];
}

/** Kept by us alone: it only says how long to wait. */
const notSent = new Set(['timeouts']);

/** What a resource will be. What the configuration does not have is Google's, and known afterwards. */
export function planned(
  type: string,
  schema: TypeSchema,
  prior: KnownResource,
  config: WireObject,
): { readonly state: WireObject; readonly replace: readonly string[] } {
  const before = prior.state;
  const settled = (name: string): WireValue => {
    if (schema.writeOnly.has(name)) return null;
    const given = config[name] ?? null;
    if (given !== null) return given;
    if (before === null) return unknown;
    // Taken out of the configuration: unset. Never in it: as Google made it.
    return prior.configured.includes(name) ? null : (before[name] ?? null);
  };
  const state: Record<string, WireValue> = Object.fromEntries(
    [...schema.attributes].map((name): [string, WireValue] => [name, settled(name)]),
  );
  if (before === null) return { state, replace: [] };
  const changed = Object.keys(state).filter((name) => !isSame(state[name] ?? null, before[name] ?? null));
  const replace = changed.filter((name) => isCreateOnly(type, name));
  if (changed.length > 0) {
    for (const name of schema.attributes)
      if ((config[name] ?? null) === null && isChangedByUpdates(type, name)) state[name] = unknown;
  }
  return { state, replace };
}

/** What Terraform decided about a resource. */
export interface DecidedChange {
  readonly before: WireObject | null;
  readonly after: WireObject | null;
  /** Only for what Terraform forgets: of what it ignores, `after` has the value that is there. */
  readonly config: WireObject | null;
  readonly configured: readonly string[];
}

/** Makes, changes or deletes it, and returns what became of it. */
export async function applied(
  cloud: CloudClient,
  type: string,
  schema: TypeSchema,
  change: DecidedChange,
): Promise<WireObject | null> {
  const { before, after, config, configured } = change;
  const id = idOf(before);
  if (after === null) {
    if (id !== undefined) await cloud.remove(type, id);
    return null;
  }
  const attributes = sent(after, (name) => configured.includes(name) && !schema.writeOnly.has(name));
  const writeOnly = sent(config ?? {}, (name) => schema.writeOnly.has(name));
  const prior = before === null ? undefined : sent(before, (name) => !schema.writeOnly.has(name));
  const answer =
    id === undefined || prior === undefined
      ? await cloud.create(type, { attributes, writeOnly })
      : await cloud.update(type, id, { attributes, writeOnly, prior });
  return madeOf(schema, change, answer);
}

/** What Terraform keeps of something that was made: what was planned, and what Google added. */
export function madeOf(schema: TypeSchema, { after, configured }: DecidedChange, answer: Attributes): WireObject {
  return Object.fromEntries(
    [...schema.attributes].map((name): [string, WireValue] => {
      if (schema.writeOnly.has(name)) return [name, null];
      return [name, configured.includes(name) ? (after?.[name] ?? null) : toWire(answer[name])];
    }),
  );
}

/** What it is now; null: it is gone. */
export async function refreshed(
  cloud: CloudClient,
  type: string,
  schema: TypeSchema,
  { state, configured }: KnownResource,
): Promise<WireObject | null> {
  const id = idOf(state);
  if (state === null || id === undefined) return null;
  const answer = await cloud.read(type, id);
  if (answer === undefined) return null;
  return Object.fromEntries(
    [...schema.attributes].map((name) => {
      const known = state[name] ?? null;
      if (schema.writeOnly.has(name)) return [name, null];
      if (!configured.includes(name)) return [name, toWire(answer[name])];
      if (!Object.hasOwn(answer, name)) return [name, known];
      const now = toWire(narrowed(toJson(known), answer[name]));
      return [name, isSame(now, known) ? known : now];
    }),
  );
}

/** A data source with what the cloud knows of it. */
export async function looked(
  cloud: CloudClient,
  type: string,
  schema: TypeSchema,
  config: WireObject,
): Promise<WireObject> {
  const answer = await cloud.data(
    type,
    sent(config, () => true),
  );
  return Object.fromEntries([...schema.attributes].map((name) => [name, config[name] ?? toWire(answer[name])]));
}

/** Names of what the configuration says. */
export function configuredIn(config: WireObject): readonly string[] {
  return Object.keys(config).filter((name) => config[name] !== null);
}

/** Google adds defaults to what it was given: of an object only what it was given counts. */
function narrowed(given: unknown, now: unknown): unknown {
  if (Array.isArray(given) && Array.isArray(now))
    return given.length === now.length ? now.map((item, index) => narrowed(given[index], item)) : now;
  if (typeof given !== 'object' || given === null || typeof now !== 'object' || now === null || Array.isArray(now))
    return now;
  const values: Attributes = { ...now };
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, narrowed(value, values[key])]));
}

function sent(object: WireObject, isSent: (name: string) => boolean): Attributes {
  const entries = Object.entries(object).filter(
    ([name, value]) => value !== null && isSent(name) && !notSent.has(name),
  );
  return Object.fromEntries(
    entries.map(([name, value]) => {
      if (value === unknown) throw new CloudError(`${name} is not known`);
      return [name, toJson(value)];
    }),
  );
}

function idOf(state: WireObject | null): string | undefined {
  const id = toJson(state?.['id'] ?? null);
  return typeof id === 'string' ? id : undefined;
}
