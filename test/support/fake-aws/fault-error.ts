import type { FaultKind } from '../cloud/fault.js';
import type { FakeService } from './fake-service.js';
import { ServiceError } from './service-error.js';

/** The error that a service answers with, for the kinds of faults that are an answer. */
export function faultError(kind: FaultKind, service: FakeService, operation: string): ServiceError | undefined {
  const isS3 = service.protocol === 'rest-xml';
  const isQuery = service.protocol === 'query';
  const isEc2 = service.protocol === 'ec2';
  switch (kind) {
    case '500':
      if (isS3)
        return new ServiceError('InternalError', 'We encountered an internal error. Please try again.', {
          status: 500,
        });
      return new ServiceError(isEc2 ? 'InternalError' : 'InternalFailure', 'An internal failure occurred.', {
        status: 500,
      });
    case 'throttled':
      if (isS3) return new ServiceError('SlowDown', 'Please reduce your request rate.', { status: 503 });
      if (isEc2) return new ServiceError('RequestLimitExceeded', 'Request limit exceeded.', { status: 503 });
      return new ServiceError(isQuery ? 'Throttling' : 'ThrottlingException', 'Rate exceeded');
    case 'denied': {
      if (isS3) return new ServiceError('AccessDenied', 'Access Denied', { status: 403 });
      const message = `User is not authorized to perform: ${service.name}:${operation}`;
      if (isEc2) return new ServiceError('UnauthorizedOperation', message, { status: 403 });
      return isQuery
        ? new ServiceError('AccessDenied', message, { status: 403 })
        : new ServiceError('AccessDeniedException', message);
    }
    case 'refused':
    case 'reset':
    case 'reply-lost':
      return undefined;
  }
}
