import { header } from '../../cloud/http-message.js';
import { fromJson, toJson } from './json.js';
import type { Protocol } from './protocol.js';

/** AWS JSON 1.0 and 1.1: the operation is in `X-Amz-Target`. */
export const jsonProtocol: Protocol = {
  parse(request, operations) {
    const name = (header(request, 'x-amz-target') ?? '').split('.').at(-1) ?? '';
    const operation = operations.get(name);
    const body: unknown = JSON.parse(request.body.toString('utf8') || '{}');
    const input = operation === undefined ? body : (fromJson(body, operation.input) ?? {});
    return { name, operation, input: input as Record<string, unknown> };
  },
  reply: (operation, output, requestId) => ({
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId },
    body: JSON.stringify(toJson(output ?? {}, operation.output, operation.name) ?? {}),
  }),
  error: (error, requestId) => ({
    status: error.status,
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': error.code,
    },
    body: JSON.stringify({ ...error.details, __type: error.code, message: error.message, Message: error.message }),
  }),
};
