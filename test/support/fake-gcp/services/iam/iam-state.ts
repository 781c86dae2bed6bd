import { GoogleError } from '../../google-error.js';

/** `Policy` of IAM. */
export interface Policy {
  readonly version?: number;
  readonly etag?: string;
  readonly bindings?: readonly {
    readonly role: string;
    readonly members: readonly string[];
    readonly condition?: { readonly title: string; readonly expression: string };
  }[];
}

/** A pool or a provider: what it was made from, and whether it was deleted. */
export interface PoolEntry {
  readonly [field: string]: unknown;
  readonly state: 'ACTIVE' | 'DELETED';
}

/** Identities of one fake: `world.state(iamState)`. */
export interface IamState {
  /** By their full names. */
  readonly pools: Map<string, PoolEntry>;
  /** By e-mail. */
  readonly accounts: Map<string, { readonly displayName: string }>;
  /** Of the project under `project`, of accounts under their e-mail. */
  readonly policies: Map<string, Policy>;
}

export function iamState(): IamState {
  return { pools: new Map(), accounts: new Map(), policies: new Map() };
}

/** The policy of something; there is always one. */
export function policyOf({ policies }: IamState, name: string): Policy {
  return policies.get(name) ?? { version: 1, etag: 'ACAB' };
}

/** Replaces a policy, unless somebody else did meanwhile. Conditions are kept in version 3 only. */
export function setPolicy(state: IamState, name: string, { policy }: { readonly policy: Policy }): Policy {
  const { etag = 'ACAB' } = policyOf(state, name);
  if (policy.etag !== undefined && policy.etag !== etag)
    throw new GoogleError('ABORTED', 'There were concurrent policy changes. Please retry the whole read-modify-write.');
  if (policy.version !== 3 && policy.bindings?.some(({ condition }) => condition !== undefined) === true)
    throw new GoogleError('INVALID_ARGUMENT', 'Conditional role bindings need policy version 3.');
  const set = { ...policy, etag: Buffer.from(`${etag}1`).toString('base64').slice(0, 12) };
  state.policies.set(name, set);
  return set;
}
