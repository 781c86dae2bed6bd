import type { FaultKind } from '../cloud/fault.js';
import { GoogleError } from './google-error.js';

/** The error that an API answers with, for the kinds of faults that are an answer. */
export function faultError(kind: FaultKind, service: string, method: string): GoogleError | undefined {
  switch (kind) {
    case '500':
      return new GoogleError('INTERNAL', 'Internal error encountered.', { reason: 'backendError' });
    case 'throttled': {
      const message = `Quota exceeded for quota metric 'Requests' and limit 'Requests per minute' of service '${service}.googleapis.com' for consumer 'project_number:1'.`;
      return new GoogleError('RESOURCE_EXHAUSTED', message, { reason: 'rateLimitExceeded' });
    }
    case 'denied':
      return new GoogleError(
        'PERMISSION_DENIED',
        `Permission '${service}.${method}' denied on resource (or it may not exist).`,
        {
          reason: 'forbidden',
        },
      );
    case 'refused':
    case 'reset':
    case 'reply-lost':
      return undefined;
  }
}
