import type { FakeService } from '../fake-service.js';

/** Every service of the fake, one file or room each. */
export const services: readonly FakeService[] = [];
