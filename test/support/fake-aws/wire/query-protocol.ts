import type { ServiceError } from '../service-error.js';
import type { Protocol } from './protocol.js';
import { fromQuery } from './query-input.js';
import type { Shape } from './shape.js';
import { escapeXml, structureXml } from './xml-output.js';

const contentType = { 'content-type': 'text/xml' };

/** AWS query: form in, XML out. */
export const queryProtocol: Protocol = {
  parse: (request, operations) => parseForm(request.body, operations, false),
  reply: (operation, output, requestId) => {
    const result = `<${operation.name}Result>${contentXml(output, operation.output, operation.name)}</${operation.name}Result>`;
    const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
    return {
      status: 200,
      headers: { ...contentType, 'x-amzn-requestid': requestId },
      body: `<${operation.name}Response>${result}${metadata}</${operation.name}Response>`,
    };
  },
  error: (error, requestId) => ({
    status: error.status,
    headers: { ...contentType, 'x-amzn-requestid': requestId },
    body: `<ErrorResponse><Error><Type>${error.status < 500 ? 'Sender' : 'Receiver'}</Type>${errorXml(error)}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  }),
};

/** EC2's dialect of it: flat lists, no result element, other errors. */
export const ec2Protocol: Protocol = {
  parse: (request, operations) => parseForm(request.body, operations, true),
  reply: (operation, output, requestId) => ({
    status: 200,
    headers: contentType,
    body: `<${operation.name}Response><requestId>${requestId}</requestId>${contentXml(output, operation.output, operation.name)}</${operation.name}Response>`,
  }),
  error: (error, requestId) => ({
    status: error.status,
    headers: contentType,
    body: `<Response><Errors><Error>${errorXml(error)}</Error></Errors><RequestID>${requestId}</RequestID></Response>`,
  }),
};

function parseForm(body: Buffer, operations: Parameters<Protocol['parse']>[1], isEc2: boolean) {
  const form = new URLSearchParams(body.toString('utf8'));
  const name = form.get('Action') ?? '';
  const operation = operations.get(name);
  const input = operation === undefined ? Object.fromEntries(form) : fromQuery(form, operation.input, isEc2);
  return { name, operation, input: input as Record<string, unknown> };
}

function contentXml(output: unknown, shape: Shape, name: string): string {
  return shape.kind === 'structure' ? structureXml(output ?? {}, shape, name).content : '';
}

function errorXml(error: ServiceError): string {
  const details = Object.entries(error.details).map(
    ([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`,
  );
  return `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>${details.join('')}`;
}
