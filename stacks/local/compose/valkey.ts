import { containerImages } from '../container-images.js';
import type { ComposeContext } from './compose-context.js';
import type { ComposeService } from './compose-service.js';
import { requiredVariable } from './interpolation.js';
import { dataNetwork } from './networks.js';
import { passwordVariable } from './password-variable.js';

/**
 * The server gets its configuration, with the password, through stdin: an argument could be read by everyone on the
 * machine. `volatile-lru` evicts only what was given a time to live, so queued tasks stay.
 */
const start = [
  'exec docker-entrypoint.sh valkey-server - <<CONFIG',
  'requirepass $$REDISCLI_AUTH',
  'appendonly yes',
  'dir /data',
  'maxmemory $$MAXMEMORY',
  'maxmemory-policy volatile-lru',
  'CONFIG',
  '',
].join('\n');

/** A Valkey, which speaks the Redis protocol. */
export function valkeyService(
  name: 'cache' | 'queue',
  memoryMiB: number,
  { spec, environmentFile }: ComposeContext,
): ComposeService {
  return {
    image: containerImages(spec).redis,
    command: ['sh', '-c', start],
    environment: {
      // The name under which valkey-cli looks for the password.
      REDISCLI_AUTH: requiredVariable(passwordVariable(name, spec), environmentFile),
      MAXMEMORY: `${memoryMiB}mb`,
    },
    volumes: [`${name}:/data`],
    healthcheck: {
      test: ['CMD-SHELL', 'valkey-cli ping | grep -q PONG'],
      interval: '2s',
      timeout: '5s',
      retries: 15,
      start_period: '10s',
    },
    networks: [dataNetwork],
    restart: 'unless-stopped',
  };
}
