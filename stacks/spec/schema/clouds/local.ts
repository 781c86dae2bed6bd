import * as z from 'zod';
import { command } from '../command.js';
import { duration } from '../duration.js';
import { flag, oneOf, patternedText, text } from '../text.js';
import { wholeNumber } from '../whole-number.js';

const process = z.strictObject({
  build: z
    .array(command(), { error: 'a list of commands, each a list: [[npm, ci, --omit=dev]]' })
    .prefault([])
    .meta({ description: 'Commands that prepare a release in its own copy of the build context, in order.' }),
  copy: z.array(text('a path'), { error: 'a list of paths' }).optional().meta({
    description:
      'Paths of the build context that a release consists of. Default: all that `.dockerignore` lets through.',
  }),
});

const postgres = z.strictObject({
  version: z.literal([14, 15, 16, 17]).optional().meta({
    description: 'Major version to run here, when the one in `postgres.version` is not available on this machine.',
  }),
  port: wholeNumber(1024, 65_535)
    .optional()
    .meta({ description: 'Port of the database on 127.0.0.1. Default: a free one.' }),
});

const image = () => text('an image reference such as registry.example.com/postgres:17').optional();

const images = z.strictObject({
  postgres: image().meta({ description: 'PostgreSQL, with the `extensions` of the spec in it.' }),
  pooler: image().meta({ description: 'PgBouncer, in an image with a shell; 1.24 or later for prepared statements.' }),
  search: image().meta({ description: 'OpenSearch.' }),
  redis: image().meta({ description: 'Valkey: cache, and queue of `engine: redis`.' }),
  rabbitmq: image().meta({ description: 'RabbitMQ: queue of `engine: rabbitmq`.' }),
  temporal: image().meta({ description: 'The Temporal CLI, whose entrypoint is `temporal`.' }),
  gateway: image().meta({ description: 'Caddy: what publishes the services of a Compose project.' }),
});

const registryLogin = z.strictObject({
  username: text('the name to log in with').meta({ description: 'Who logs in.' }),
  password: text('a reference such as "${secrets.REGISTRY_PASSWORD}"').meta({
    description: 'Password or token: one `${secrets.NAME}` and nothing else.',
  }),
});

const temporal = z.strictObject({
  namespace: patternedText(/^[A-Za-z0-9][A-Za-z0-9_.-]{1,62}$/, 'a namespace of 2 to 63 letters, digits and ._-')
    .prefault('default')
    .meta({ description: 'Namespace that is created.' }),
});

const docker = z.strictObject({
  readOnly: flag().prefault(false).meta({
    description:
      'Nothing can be written but what is in `tmpfs`. Default: false, as images often write beside their code.',
  }),
  tmpfs: z
    .array(patternedText(/^\/[^\s:,]*$/, 'an absolute path'), { error: 'a list of absolute paths' })
    .optional()
    .meta({
      description: 'Directories in memory, which a container may write and loses. Default: `[/tmp]` when `readOnly`.',
    }),
  user: patternedText(/^[a-z0-9_][a-z0-9_.-]*(?::[a-z0-9_][a-z0-9_.-]*)?$/i, 'a user in quotes, such as "10001:10001"')
    .optional()
    .meta({ description: 'User (and group) to run as, in quotes. Default: the one the image names.' }),
  capAdd: z
    .array(patternedText(/^(?!ALL$)[A-Z][A-Z_]*$/, 'a capability such as SETUID, and not ALL'), {
      error: 'a list of capabilities',
    })
    .prefault([])
    .meta({ description: 'Capabilities to give back; all are dropped, and no program gains any.' }),
});

/** Settings of the local target. */
export const localSchema = z.strictObject({
  runtime: oneOf(['auto', 'process', 'docker']).prefault('auto').meta({
    description:
      '`process`: plain processes and a bundled Postgres, no Docker. `docker`: containers. `auto`: processes; validation assumes them too.',
  }),
  port: wholeNumber(1024, 65_535)
    .optional()
    .meta({ description: 'Port of the public address on 127.0.0.1. Default: a free one, kept between deploys.' }),
  process: process.prefault({}).meta({ description: 'Settings of the process runtime.' }),
  postgres: postgres.prefault({}).meta({ description: 'Settings of the local database.' }),
  images: images.prefault({}).meta({
    description: 'Images of the data services instead of the public ones: a mirror, a site without internet access.',
  }),
  registry: patternedText(
    /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/,
    'a registry such as localhost:5000/agents, without https://',
  )
    .optional()
    .meta({
      description:
        'Registry (and path) that built images are pushed to and run from. Default: they stay in the container engine.',
    }),
  registryLogin: registryLogin
    .optional()
    .meta({ description: 'Login to `registry`. Default: what the container engine is logged in with.' }),
  temporal: temporal.optional().meta({
    description:
      'A Temporal dev server, with `runtime: docker`. Services find it by TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE.',
  }),
  docker: docker.prefault({}).meta({ description: 'How the containers of the agent are confined.' }),
  bake: duration('0s', '1h')
    .prefault('2s')
    .meta({ description: 'How long a new release is watched behind the public address before the old one drains.' }),
});

/** Settings of the local target. */
export type LocalSpec = z.output<typeof localSchema>;
