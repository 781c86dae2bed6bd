/** Whom Google Cloud takes us for, and where. */
export interface GcpIdentity {
  readonly project: string;
  /** The project as its service agents and addresses are called. */
  readonly projectNumber: string;
  /** Mail address of the user or service account; null when a token was given without one. */
  readonly account: string | null;
  readonly region: string;
}

/** Who we are on Google Cloud. */
export interface AccountTools {
  /**
   * Asks once and remembers.
   *
   * @throws EnvironmentNotReady: not logged in, no such project, or no permission to look at it
   */
  identity(signal: AbortSignal): Promise<GcpIdentity>;
}
