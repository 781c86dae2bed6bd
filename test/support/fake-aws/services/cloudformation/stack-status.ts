import { ServiceError } from '../../service-error.js';
import type { Stack } from './stack.js';

/** States from which a stack can be updated (API reference of UpdateStack). */
const updatable = /^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT|IMPORT_ROLLBACK)_COMPLETE$|^UPDATE_FAILED$|^CREATE_FAILED$/;

/** Throws what CloudFormation says of a stack that cannot be updated now. */
export function canBeUpdated(stack: Stack): void {
  if (updatable.test(stack.status)) return;
  throw new ServiceError('ValidationError', `Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
}
