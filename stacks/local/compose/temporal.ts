import { containerImages } from '../container-images.js';
import type { ComposeContext } from './compose-context.js';
import type { ComposeService } from './compose-service.js';
import { dataNetwork } from './networks.js';

/** The port of its gRPC frontend. */
export const temporalPort = 7233;

/** A Temporal dev server: one process with its storage in a file. Its web page is off, as nothing could reach it. */
export function temporalService(namespace: string, { spec }: ComposeContext): ComposeService {
  return {
    image: containerImages(spec).temporal,
    command: [
      'server',
      'start-dev',
      '--ip',
      '0.0.0.0',
      '--headless',
      '--namespace',
      namespace,
      '--db-filename',
      '/home/temporal/temporal.db',
    ],
    // The home of the image's user: an empty volume takes over whom the directory belongs to.
    volumes: ['temporal:/home/temporal'],
    healthcheck: {
      test: ['CMD', 'temporal', 'operator', 'cluster', 'health'],
      interval: '5s',
      timeout: '5s',
      retries: 12,
      start_period: '30s',
    },
    networks: [dataNetwork],
    restart: 'unless-stopped',
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
  };
}

/** Where a client finds the server; the names are those that Temporal's SDKs and CLI read. */
export function temporalEnvironment({ spec }: Pick<ComposeContext, 'spec'>): Record<string, string> {
  const { temporal } = spec.clouds.local ?? {};
  if (temporal === undefined) return {};
  return { TEMPORAL_ADDRESS: `temporal:${temporalPort}`, TEMPORAL_NAMESPACE: temporal.namespace };
}
