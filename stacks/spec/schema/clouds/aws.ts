import * as z from 'zod';
import { duration } from '../duration.js';
import { flag, oneOf, patternedText, text } from '../text.js';
import { wholeNumber } from '../whole-number.js';
import { awsNetworkSchema, awsSubnetsSchema } from './aws-network.js';

const rollout = z.strictObject({
  strategy: oneOf(['rolling', 'canary', 'linear', 'blueGreen']).prefault('rolling').meta({
    description:
      '`rolling`: new tasks beside old ones, as many as needed. `blueGreen`: all new tasks first, then all traffic at once. `canary`: a small part of the traffic first, then the rest. `linear`: traffic in equal steps. All of them go back by themselves.',
  }),
  stepPercent: wholeNumber(3, 99)
    .prefault(10)
    .meta({ description: 'Share of the traffic of the first step (`canary`) or of each step (`linear`).' }),
  stepBake: duration('0s', '1d').prefault('5m').meta({
    description:
      'Time between two steps of `canary` and `linear`, in which alarms are watched; rounded up to whole minutes.',
  }),
  bake: duration('0s', '1d').prefault('5m').meta({
    description:
      'Time the old tasks stay after all traffic has moved, rounded up to whole minutes; not with `rolling`.',
  }),
});

const postgres = z.strictObject({
  instanceClass: patternedText(/^db\.[a-z0-9-]+\.[a-z0-9]+$/, 'an RDS instance class such as db.t4g.medium')
    .optional()
    .meta({ description: 'RDS instance class, instead of `postgres.size`.' }),
  urlQuery: z
    .string({ error: 'a query such as sslmode=require, without "?"' })
    .regex(/^[\w.~%=&/-]*$/, { error: 'a query such as sslmode=require, without "?"' })
    .prefault('sslmode=require')
    .meta({
      description:
        'What `${postgres.url}` and `directUrl` end with. The database accepts TLS only; drivers have different words for it: `ssl=require` (asyncpg under SQLAlchemy), `sslmode=no-verify` (node-postgres), `sslmode=verify-full&sslrootcert=…` with the RDS certificates in the image.',
    }),
});

const search = z.strictObject({
  access: oneOf(['password', 'signed']).prefault('password').meta({
    description:
      '`password`: clients log in with `${search.username}` and `${search.password}`. `signed`: only tasks with the role of the stage get in; a small container beside the agent signs what is sent to `${search.url}`, which is `http://127.0.0.1:9200` then, and needs no login.',
  }),
  instanceType: patternedText(/^[a-z0-9-]+\.[a-z0-9]+\.search$/, 'an instance type such as r7g.large.search')
    .optional()
    .meta({ description: 'OpenSearch instance type, instead of `search.size`.' }),
  dedicatedMasters: flag()
    .prefault(true)
    .meta({ description: 'Three small nodes that only manage the cluster, so that load does not unsettle it.' }),
});

const cache = z.strictObject({
  nodeType: patternedText(/^cache\.[a-z0-9-]+\.[a-z0-9]+$/, 'a node type such as cache.t4g.small')
    .optional()
    .meta({ description: 'ElastiCache node type, instead of `cache.memory`; also of a queue on Redis.' }),
});

const queue = z.strictObject({
  instanceType: patternedText(/^mq\.[a-z0-9-]+\.[a-z0-9]+$/, 'a broker instance type such as mq.m7g.medium')
    .optional()
    .meta({ description: 'Amazon MQ instance type of `engine: rabbitmq`. Default: `mq.m7g.medium`.' }),
});

const containers = z.strictObject({
  writable: z
    .array(patternedText(/^\/[^\s:,]+$/, 'an absolute path'), { error: 'a list of absolute paths' })
    .prefault(['/tmp'])
    .meta({ description: 'Directories in memory that a container may write; all others are read-only.' }),
  user: patternedText(
    /^(?!(?:0|root)(?::|$))[a-z0-9_][a-z0-9_.-]*(?::[a-z0-9_][a-z0-9_.-]*)?$/i,
    'a user other than root, in quotes, such as "10001:10001"',
  )
    .prefault('10001:10001')
    .meta({ description: 'User (and group) to run as, in quotes.' }),
  shell: flag().prefault(true).meta({
    description:
      'The image has `/bin/sh`, and with it one of curl, wget, python3 and node: `health.liveness` is asked with them from within. `false`: it is not asked.',
  }),
});

/** Settings of the AWS target, in AWS’s words. */
export const awsSchema = z.strictObject({
  region: text('an AWS region such as us-east-1').meta({ description: 'Region, such as `us-east-1`.' }),
  account: patternedText(/^\d{12}$/, 'an AWS account number of 12 digits, in quotes')
    .optional()
    .meta({ description: 'Account number, in quotes; a deploy into another account is refused.' }),
  vpcId: patternedText(/^vpc-[0-9a-f]{8,17}$/, 'a VPC id such as vpc-0a1b2c3d4e5f67890')
    .optional()
    .meta({ description: 'An existing VPC. Needs `subnets`. Default: a VPC of its own.' }),
  subnets: awsSubnetsSchema.optional().meta({ description: 'Subnets of `vpcId`. Nothing is looked up.' }),
  network: awsNetworkSchema.prefault({}).meta({ description: 'The VPC of its own; not used with `vpcId`.' }),
  hostedZoneId: patternedText(/^Z[A-Z0-9]{1,31}$/, 'a Route 53 hosted zone id such as Z0123456789ABCDEFGHIJ')
    .optional()
    .meta({
      description: 'Route 53 zone that holds `domain.name`; lets agentctl create the record and the certificate.',
    }),
  certificateArn: text('the ARN of an ACM certificate')
    .optional()
    .meta({ description: 'An existing ACM certificate, in the same region.' }),
  plainHttp: flag().optional().meta({
    description: 'Answer over HTTP, without TLS. Default: true without a `domain`, as there is no name to certify.',
  }),
  deletionProtection: flag().prefault(true).meta({
    description: 'Database, load balancer and foundation stack refuse to be deleted. `agentctl destroy` lifts it.',
  }),
  permissionsBoundaryArn: patternedText(/^arn:aws[a-z-]*:iam::\d{12}:policy\/.+$/, 'the ARN of an IAM policy')
    .optional()
    .meta({ description: 'Permissions boundary put on every role.' }),
  rollout: rollout.prefault({}).meta({ description: 'How services with routes get a new release.' }),
  containers: containers.prefault({}).meta({ description: 'What the agent’s containers may do.' }),
  postgres: postgres.prefault({}).meta({ description: 'Native settings of the database.' }),
  search: search.prefault({}).meta({ description: 'Native settings of the search domain.' }),
  cache: cache.prefault({}).meta({ description: 'Native settings of the cache.' }),
  queue: queue.prefault({}).meta({ description: 'Native settings of the queue.' }),
});

/** Settings of the AWS target. */
export type AwsSpec = z.output<typeof awsSchema>;
