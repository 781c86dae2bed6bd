/** How a call goes wrong. */
export type FaultKind =
  /** The connection is closed before the call is carried out. */
  | 'refused'
  /** The connection is reset (RST) before the call is carried out. */
  | 'reset'
  /** `InternalFailure`, not carried out. */
  | '500'
  /** The service's throttling error, not carried out. */
  | 'throttled'
  /** Carried out, then the connection is reset instead of an answer. */
  | 'reply-lost'
  /** `AccessDenied`, not carried out. */
  | 'denied';

/** A fault to come. */
export interface Fault {
  /** @default any service */
  readonly service?: string;
  /** @default any operation */
  readonly operation?: string;
  readonly kind: FaultKind;
  /** @default 1 */
  readonly times?: number;
  /** So many calls of it go well before. @default 0 */
  readonly skip?: number;
}
