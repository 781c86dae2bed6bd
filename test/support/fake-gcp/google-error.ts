/** Codes of google.rpc.Code and the HTTP status of each (google/rpc/code.proto). */
const httpStatuses = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  ABORTED: 409,
  RESOURCE_EXHAUSTED: 429,
  UNIMPLEMENTED: 501,
  INTERNAL: 500,
  UNAVAILABLE: 503,
} as const;

/** A name of google.rpc.Code. */
export type GoogleStatus = keyof typeof httpStatuses;

/** What an operation throws: an error as Google's APIs answer it. */
export class GoogleError extends Error {
  readonly status: GoogleStatus;
  readonly code: number;
  /** `reason` of APIs that are older, as Cloud Storage and Cloud SQL. */
  readonly reason: string | undefined;

  constructor(status: GoogleStatus, message: string, options: { code?: number; reason?: string } = {}) {
    super(message);
    this.name = 'GoogleError';
    this.status = status;
    this.code = options.code ?? httpStatuses[status];
    this.reason = options.reason;
  }

  /** The body of the answer. */
  get body(): unknown {
    const { code, message, status, reason = status } = this;
    return { error: { code, message, status, errors: [{ message, domain: 'global', reason }] } };
  }
}

/** One that is not there. */
export function notFound(message: string): GoogleError {
  return new GoogleError('NOT_FOUND', message, { reason: 'notFound' });
}
