import { equivalent, unsupported, type ColumnSupport } from './support.js';

const both: ColumnSupport = {
  'scale.range': equivalent('scale.min replicas run'),
  'scale.requests': equivalent('nothing is measured, scale.min replicas run'),
  'scale.connections': equivalent('nothing is measured, scale.min replicas run'),
  'scale.memory': equivalent('nothing is measured, scale.min replicas run'),
  'scale.queueDepth': equivalent('nothing is measured, scale.min replicas run'),
  'scale.zero': equivalent('one replica runs'),
  'scale.zeroWorkers': equivalent('one replica runs'),
  'postgres.highAvailability': equivalent('a single server'),
  'postgres.readReplicas': equivalent('a single server'),
  'postgres.recovery': equivalent('none'),
  'cache.highAvailability': equivalent('a single server'),
  'queue.managed': unsupported('use engine: redis, or { external: … }, in the stage you deploy here'),
  'queue.highAvailability': equivalent('a single server'),
  domain: equivalent('a URL on 127.0.0.1'),
  alarms: equivalent('none are sent'),
  metrics: equivalent('nothing collects them'),
  prometheus: equivalent('the page can be opened, nothing scrapes it'),
};

/** What this machine does with each feature, with Docker. */
export const localDockerSupport: ColumnSupport = {
  ...both,
  'migrations.snapshot': equivalent('a pg_dump file on this machine'),
  'postgres.dumps': equivalent('a pg_dump file on this machine'),
  search: equivalent('a single node'),
};

/** What this machine does with each feature, with plain processes. */
export const localProcessSupport: ColumnSupport = {
  ...both,
  'image.build': equivalent(
    'a copy of the build context, prepared by clouds.local.process.build; no Dockerfile is read',
  ),
  'image.ref': unsupported('use image.build'),
  'image.arm64': equivalent('this machine’s own architecture'),
  'image.amd64': equivalent('this machine’s own architecture'),
  'service.command': unsupported('add a command'),
  'service.size': equivalent('not enforced'),
  'migrations.snapshot': equivalent('a backup on this machine; the first deploy, which has no data yet, takes none'),
  postgres: equivalent('the bundled Postgres 17'),
  'postgres.pooler': equivalent('services connect directly; ${postgres.url} and ${postgres.directUrl} are the same'),
  'postgres.version': unsupported('set clouds.local.postgres.version: 17'),
  'postgres.dumps': equivalent(
    'whole copies of the database on this machine, which `agentctl backup restore` puts back',
  ),
  'postgres.extensions': unsupported('clear the list in the stage you deploy here'),
  search: unsupported('use { external: … } in the stage you deploy here'),
  cache: equivalent('a single Redis-compatible server'),
  'queue.redis': equivalent('a single Redis-compatible server'),
  'queue.rabbitmq': unsupported('use engine: redis in the stage you deploy here'),
};
