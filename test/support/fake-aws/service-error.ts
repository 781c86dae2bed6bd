/** What an operation throws: an error as the service answers it. */
export class ServiceError extends Error {
  readonly code: string;
  readonly status: number;
  /** Members of the error beside its message, as they go over the wire. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: { status?: number; details?: Record<string, unknown> } = {}) {
    super(message);
    this.name = 'ServiceError';
    this.code = code;
    this.status = options.status ?? 400;
    this.details = options.details ?? {};
  }
}
