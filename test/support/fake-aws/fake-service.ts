import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FakeWorld } from './fake-world.js';

/** How requests and answers are written. The installed clients send no CBOR. */
export type FakeProtocol = 'query' | 'ec2' | 'json' | 'rest-json' | 'rest-xml';

/** What an operation may know of its call. */
export interface CallContext {
  readonly world: FakeWorld;
  readonly requestId: string;
  readonly accessKeyId: string | undefined;
}

/** An operation gets what the SDK's `XCommandInput` types say, and returns an `XCommandOutput` without `$metadata`. */
export type Operation = (input: never, context: CallContext) => unknown;

/** One service. Shapes come from the SDK's own client, so what is sent and returned is checked against them. */
export interface FakeService {
  /** Its name in signatures: `ecs`, `elasticloadbalancing`. */
  readonly name: string;
  readonly protocol: FakeProtocol;
  /** The client's module: `import * as client from '@aws-sdk/client-ecs'`. */
  readonly client: object;
  /** By name of the operation: `RunTask`. What is not there is refused, and fails `stop()`. */
  readonly operations: (world: FakeWorld) => Readonly<Record<string, Operation>>;
  /** Unsigned HTTP that is no API call, as a registry's; resolves to `false` for what is not its own. */
  readonly serve?: (world: FakeWorld) => (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
}
