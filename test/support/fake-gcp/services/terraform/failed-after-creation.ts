import { GoogleError } from '../../google-error.js';

/**
 * A creation that has failed although something is there now: a service whose first revision does not start. Google's
 * provider marks such services and jobs as tainted (`taint_resource_on_failed_create` of magic-modules).
 */
export class FailedAfterCreation extends GoogleError {
  constructor(message: string) {
    super('FAILED_PRECONDITION', message);
    this.name = 'FailedAfterCreation';
  }
}
