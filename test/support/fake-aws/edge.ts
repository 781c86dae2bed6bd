import { credentials } from './credentials.js';
import type { FakeService, Operation } from './fake-service.js';
import type { FakeWorld } from './fake-world.js';
import { faultError } from './fault-error.js';
import { permissions } from './permissions/permissions.js';
import { protocols } from './protocols.js';
import type { Faults } from '../cloud/make-faults.js';
import type { RecordedCall } from '../cloud/recorded-call.js';
import { ServiceError } from './service-error.js';
import { signatureScope, type SignatureScope } from './signature-scope.js';
import type { HttpReply, HttpRequest } from '../cloud/http-message.js';
import type { ParsedCall } from './wire/protocol.js';
import { operationModels } from './wire/service-model.js';
import { withPlainBody } from './wire/upload-body.js';

/** How a request ends: with an answer, or with a connection that is cut. */
export type Ending = HttpReply | 'cut' | 'reset';

/** Turns requests into calls of operations. */
export interface Edge {
  readonly answer: (request: HttpRequest) => Promise<Ending>;
  /** What the fake could not do or did wrong: each fails the test that stops it. */
  readonly mistakes: readonly unknown[];
}

const regionless = ['iam', 'sts'];

export function makeEdge(
  world: FakeWorld,
  services: readonly FakeService[],
  faults: Faults,
  calls: RecordedCall[],
): Edge {
  const mistakes: unknown[] = [];
  const tables = new Map<FakeService, Readonly<Record<string, Operation>>>();
  const operationOf = (service: FakeService, name: string): Operation | undefined => {
    const table = tables.get(service) ?? service.operations(world);
    tables.set(service, table);
    return Object.hasOwn(table, name) ? table[name] : undefined;
  };

  const checkCaller = (scope: SignatureScope): void => {
    if (world.state(credentials).principal(scope.accessKeyId) === undefined) {
      throw new ServiceError('InvalidClientTokenId', 'The security token included in the request is invalid.', {
        status: 403,
      });
    }
    if (scope.region !== world.region && !regionless.includes(scope.service)) {
      throw new ServiceError('FakeAwsOtherRegion', `this fake is ${world.region}, the request is for ${scope.region}`);
    }
  };

  const carryOut = async (service: FakeService, call: ParsedCall, scope: SignatureScope, requestId: string) => {
    const operation = operationOf(service, call.name);
    if (operation === undefined || call.operation === undefined) {
      mistakes.push(new Error(`the fake has no ${service.name} ${call.name}`));
      throw new ServiceError('UnknownOperationException', `the fake has no ${service.name} ${call.name}`);
    }
    const { input } = call.operation;
    const missing = input.kind === 'structure' ? input.required.filter((name) => call.input[name] === undefined) : [];
    if (missing.length > 0) {
      const code = service.protocol === 'query' ? 'ValidationError' : 'ValidationException';
      throw new ServiceError(code, `missing: ${missing.join(', ')}`);
    }
    return operation(call.input as never, { world, requestId, accessKeyId: scope.accessKeyId });
  };

  const answerCall = async (service: FakeService, scope: SignatureScope, raw: HttpRequest): Promise<Ending> => {
    const protocol = protocols[service.protocol];
    const requestId = `${world.newId(8)}-${world.newId(12)}`;
    let recorded: RecordedCall | undefined;
    const end = (status: number, errorCode?: string): void => {
      if (recorded !== undefined) Object.assign(recorded, { status, errorCode });
    };
    try {
      const call = protocol.parse(withPlainBody(raw), operationModels(service.client));
      recorded = {
        service: service.name,
        operation: call.name,
        input: call.input,
        status: undefined,
        errorCode: undefined,
        isDone: false,
      };
      calls.push(recorded);
      checkCaller(scope);
      const principal = world.state(credentials).principal(scope.accessKeyId);
      world.state(permissions).assertCall(principal, service.name, call.name, call.input);
      const fault = faults.take(service.name, call.name);
      const refusal = fault === undefined ? undefined : faultError(fault, service, call.name);
      if (refusal !== undefined) throw refusal;
      if (fault === 'refused' || fault === 'reset') {
        end(0);
        return fault === 'refused' ? 'cut' : 'reset';
      }
      const output: unknown = await carryOut(service, call, scope, requestId);
      recorded.isDone = true;
      if (fault === 'reply-lost') {
        end(0);
        return 'reset';
      }
      if (call.operation === undefined) throw new Error(`no model of ${call.name}`);
      const reply = protocol.reply(call.operation, output, requestId);
      end(reply.status);
      return reply;
    } catch (error) {
      if (!(error instanceof ServiceError)) mistakes.push(error);
      // With a status that nobody tries again.
      const answer = error instanceof ServiceError ? error : new ServiceError('FakeAwsMistake', String(error));
      end(answer.status, answer.code);
      return protocol.error(answer, requestId);
    }
  };

  return {
    mistakes,
    async answer(request) {
      const scope = signatureScope(request);
      const service = services.find(({ name }) => name === scope?.service);
      if (scope !== undefined && service !== undefined) return answerCall(service, scope, request);
      const what = scope === undefined ? `unsigned ${request.method} ${request.path}` : `service ${scope.service}`;
      mistakes.push(new Error(`the fake has no ${what}`));
      return { status: 400, headers: {}, body: `the fake has no ${what}` };
    },
  };
}
