import type { FakeService } from '../fake-service.js';
import { run } from './run/run.js';
import { secretmanager } from './secretmanager/secretmanager.js';
import { storage } from './storage/storage.js';

/** Every service of the fake. */
export const services: readonly FakeService[] = [run, secretmanager, storage];
