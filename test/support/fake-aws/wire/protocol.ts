import type { ServiceError } from '../service-error.js';
import type { HttpReply, HttpRequest } from '../../cloud/http-message.js';
import type { OperationModel } from './service-model.js';

/** What a request asks for; `operation` is undefined when no operation of the model fits. */
export interface ParsedCall {
  readonly name: string;
  readonly operation: OperationModel | undefined;
  readonly input: Record<string, unknown>;
}

/** One way to write calls and answers. */
export interface Protocol {
  readonly parse: (request: HttpRequest, operations: ReadonlyMap<string, OperationModel>) => ParsedCall;
  readonly reply: (operation: OperationModel, output: unknown, requestId: string) => HttpReply;
  readonly error: (error: ServiceError, requestId: string) => HttpReply;
}
