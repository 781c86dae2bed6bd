/** A pool of foreign identities, or a provider in it. What was deleted keeps its name for 30 days, and can come back. */
export interface PoolState {
  readonly isDeleted: boolean;
}

/** Who is let in by a provider. */
export interface ProviderState extends PoolState {
  readonly issuer: string;
  /** CEL, of the claims of a token. */
  readonly condition: string;
  readonly mapping: Readonly<Record<string, string>>;
}

/** What a role is granted with. */
export interface RoleGrant {
  readonly role: string;
  /** CEL; null: always. */
  readonly condition: string | null;
}

/** Names of one provider. */
export interface ProviderName {
  readonly pool: string;
  readonly provider: string;
}

/** How workflows become a service account of the project. Everything can be asked for twice. */
export interface IdentityTools {
  /** Null: there is none. */
  pool(pool: string, signal: AbortSignal): Promise<PoolState | null>;
  createPool(pool: string, signal: AbortSignal): Promise<void>;
  undeletePool(pool: string, signal: AbortSignal): Promise<void>;
  /** Null: there is none. */
  provider(name: ProviderName, signal: AbortSignal): Promise<ProviderState | null>;
  /** Makes it, or changes the one that is there. */
  putProvider(
    name: ProviderName,
    wanted: Omit<ProviderState, 'isDeleted'>,
    before: ProviderState | null,
    signal: AbortSignal,
  ): Promise<void>;
  hasAccount(email: string, signal: AbortSignal): Promise<boolean>;
  createAccount(accountId: string, displayName: string, signal: AbortSignal): Promise<void>;
  /** Who may become an account: members with `roles/iam.workloadIdentityUser`. */
  usersOf(email: string, signal: AbortSignal): Promise<readonly string[]>;
  letUse(email: string, member: string, signal: AbortSignal): Promise<void>;
  /** What a member may do on the project. */
  grantsOf(member: string, signal: AbortSignal): Promise<readonly RoleGrant[]>;
  grant(member: string, grant: RoleGrant, signal: AbortSignal): Promise<void>;
}
