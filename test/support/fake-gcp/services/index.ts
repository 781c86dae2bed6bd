import type { FakeService } from '../fake-service.js';
import { iam } from './iam/iam.js';
import { logging } from './logging/logging.js';
import { monitoring } from './monitoring/monitoring.js';
import { cloudresourcemanager } from './project/cloudresourcemanager.js';
import { serviceusage } from './project/serviceusage.js';
import { redis } from './redis/redis.js';
import { artifactregistry } from './registry/artifactregistry.js';
import { run } from './run/run.js';
import { secretmanager } from './secretmanager/secretmanager.js';
import { sql } from './sql/sql.js';
import { cloudscheduler } from './scheduler/cloudscheduler.js';
import { storage } from './storage/storage.js';
import { terraform } from './terraform/terraform.js';

/** Every service of the fake. */
export const services: readonly FakeService[] = [
  run,
  secretmanager,
  storage,
  artifactregistry,
  logging,
  monitoring,
  sql,
  redis,
  cloudresourcemanager,
  serviceusage,
  iam,
  cloudscheduler,
  terraform,
];
