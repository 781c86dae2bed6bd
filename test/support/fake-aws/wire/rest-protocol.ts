import { fromJson, toJson } from './json.js';
import type { HttpReply, HttpRequest } from '../../cloud/http-message.js';
import type { ParsedCall, Protocol } from './protocol.js';
import { boundInput, boundReply, type BodyFormat } from './rest-binding.js';
import { routeOf } from './rest-route.js';
import { s3Address } from './s3-address.js';
import type { OperationModel } from './service-model.js';
import type { Shape } from './shape.js';
import { fromXml } from './xml-input.js';
import { escapeXml, structureXml, toXml } from './xml-output.js';

const jsonBody: BodyFormat = {
  contentType: 'application/json',
  parse: (text, shape) => fromJson(JSON.parse(text), shape),
  format: (value, shape, _isWhole, name) => JSON.stringify(toJson(value, shape, name)),
};

const xmlBody: BodyFormat = {
  contentType: 'application/xml',
  parse: fromXml,
  format(value, shape, isWhole, name) {
    if (shape.kind !== 'structure' || !isWhole) return toXml(name, value, shape);
    const { content } = structureXml(value, shape, name);
    const tag = String(shape.traits['xmlName'] ?? `${name}Result`);
    return content === '' && shape.traits['xmlName'] === undefined ? '' : `<${tag}>${content}</${tag}>`;
  },
};

/** REST with JSON bodies. */
export const restJsonProtocol: Protocol = {
  ...restProtocol(jsonBody, 'x-amzn-requestid'),
  error: (error, requestId) => ({
    status: error.status,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId, 'x-amzn-errortype': error.code },
    body: JSON.stringify({ ...error.details, message: error.message, Message: error.message }),
  }),
};

/** REST with XML bodies, as S3 has it. */
export const restXmlProtocol: Protocol = {
  ...restProtocol(xmlBody, 'x-amz-request-id'),
  parse(whole, operations) {
    const { bucket, request } = s3Address(whole);
    const fitting = [...operations.values()].filter(({ input }) => takesBucket(input) === (bucket !== undefined));
    const call = parseRest(request, fitting, xmlBody);
    return bucket === undefined ? call : { ...call, input: { ...call.input, Bucket: bucket } };
  },
  error(error, requestId): HttpReply {
    const details = Object.entries(error.details).map(
      ([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`,
    );
    return {
      status: error.status,
      headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId },
      body:
        error.status === 304
          ? ''
          : `<Error><Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message>${details.join('')}<RequestId>${requestId}</RequestId><HostId>fake</HostId></Error>`,
    };
  },
};

function restProtocol(format: BodyFormat, requestIdHeader: string): Pick<Protocol, 'parse' | 'reply'> {
  return {
    parse: (request, operations) => parseRest(request, operations.values(), format),
    reply(operation, output, requestId) {
      const status = operation.http?.status ?? 200;
      const shape = operation.output;
      const reply =
        shape.kind === 'structure'
          ? boundReply(output ?? {}, operation.name, shape, status, format)
          : { status, headers: {}, body: '' };
      return { ...reply, headers: { ...reply.headers, [requestIdHeader]: requestId } };
    },
  };
}

function parseRest(request: HttpRequest, operations: Iterable<OperationModel>, format: BodyFormat): ParsedCall {
  const route = routeOf(request, operations);
  if (route === undefined) {
    return { name: `${request.method} ${request.path}?${request.query.toString()}`, operation: undefined, input: {} };
  }
  return { name: route.operation.name, operation: route.operation, input: boundInput(request, route, format) };
}

function takesBucket(input: Shape): boolean {
  return input.kind === 'structure' && input.required.includes('Bucket');
}
