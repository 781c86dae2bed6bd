import type { AgentSpec } from '../../spec/index.js';
import { type BackingName, backingNames } from './backing.js';

/** Backing services with a password. OpenSearch runs without one, on a network that only the services share. */
export type PasswordOwner = 'postgres' | 'cache' | 'queue';

/** The name in `.env` of a password that agentctl makes up; never that of a declared secret. */
export function passwordVariable(owner: PasswordOwner, { secrets }: Pick<AgentSpec, 'secrets'>): string {
  let name = `${owner.toUpperCase()}_PASSWORD`;
  while (secrets.includes(name)) name = `GENERATED_${name}`;
  return name;
}

/** The names of all passwords that a spec needs made up. */
export function passwordVariables(spec: AgentSpec): readonly string[] {
  return backingNames(spec).flatMap((name) => (isOwner(name) ? [passwordVariable(name, spec)] : []));
}

function isOwner(name: BackingName): name is PasswordOwner {
  return name === 'postgres' || name === 'cache' || name === 'queue';
}
