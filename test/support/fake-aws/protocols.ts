import type { FakeProtocol } from './fake-service.js';
import { jsonProtocol } from './wire/json-protocol.js';
import type { Protocol } from './wire/protocol.js';
import { ec2Protocol, queryProtocol } from './wire/query-protocol.js';
import { restJsonProtocol, restXmlProtocol } from './wire/rest-protocol.js';

/** The implementation of each protocol. */
export const protocols: Readonly<Record<FakeProtocol, Protocol>> = {
  query: queryProtocol,
  ec2: ec2Protocol,
  json: jsonProtocol,
  'rest-json': restJsonProtocol,
  'rest-xml': restXmlProtocol,
};
