import type { FakeService } from '../fake-service.js';
import { iam } from './iam/iam.js';
import { kms } from './kms/kms.js';
import { s3 } from './s3/s3.js';
import { secretsManager } from './secrets-manager/secrets-manager.js';
import { ssm } from './ssm/ssm.js';
import { sts } from './sts/sts.js';

/** Every service of the fake, one file or room each. */
export const services: readonly FakeService[] = [iam, kms, s3, secretsManager, ssm, sts];
