import type { FakeService } from '../fake-service.js';
import { cloudFormation } from './cloudformation/cloudformation.js';
import { cloudtrail } from './cloudtrail/cloudtrail.js';
import { cloudwatch } from './cloudwatch/cloudwatch.js';
import { ec2 } from './ec2/ec2.js';
import { ecr } from './ecr/ecr.js';
import { ecs } from './ecs/ecs.js';
import { elb } from './elb/elb.js';
import { iam } from './iam/iam.js';
import { kms } from './kms/kms.js';
import { logs } from './logs/logs.js';
import { rds } from './rds/rds.js';
import { s3 } from './s3/s3.js';
import { secretsManager } from './secrets-manager/secrets-manager.js';
import { serviceQuotas } from './service-quotas/service-quotas.js';
import { ssm } from './ssm/ssm.js';
import { sts } from './sts/sts.js';

/** Every service of the fake, one file or room each. */
export const services: readonly FakeService[] = [
  cloudFormation,
  cloudtrail,
  cloudwatch,
  ec2,
  ecr,
  ecs,
  elb,
  iam,
  kms,
  logs,
  rds,
  s3,
  secretsManager,
  serviceQuotas,
  ssm,
  sts,
];
