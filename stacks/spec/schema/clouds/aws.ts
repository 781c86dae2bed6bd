import * as z from 'zod';
import { patternedText, text } from '../text.js';

/** Settings of the AWS target, in AWS’s words. */
export const awsSchema = z.strictObject({
  region: text('an AWS region such as us-east-1').meta({ description: 'Region, such as `us-east-1`.' }),
  account: patternedText(/^\d{12}$/, 'an AWS account number of 12 digits, in quotes')
    .optional()
    .meta({ description: 'Account number, in quotes; a deploy into another account is refused.' }),
  vpcId: patternedText(/^vpc-[0-9a-f]{8,17}$/, 'a VPC id such as vpc-0a1b2c3d4e5f67890')
    .optional()
    .meta({ description: 'An existing VPC. Default: a VPC of its own.' }),
  hostedZoneId: patternedText(/^Z[A-Z0-9]{1,31}$/, 'a Route 53 hosted zone id such as Z0123456789ABCDEFGHIJ')
    .optional()
    .meta({
      description: 'Route 53 zone that holds `domain.name`; lets agentctl create the record and the certificate.',
    }),
  certificateArn: text('the ARN of an ACM certificate')
    .optional()
    .meta({ description: 'An existing ACM certificate, in the same region.' }),
  permissionsBoundaryArn: patternedText(/^arn:aws[a-z-]*:iam::\d{12}:policy\/.+$/, 'the ARN of an IAM policy')
    .optional()
    .meta({ description: 'Permissions boundary put on every role.' }),
  postgres: z
    .strictObject({
      instanceClass: patternedText(/^db\.[a-z0-9-]+\.[a-z0-9]+$/, 'an RDS instance class such as db.t4g.medium')
        .optional()
        .meta({ description: 'RDS instance class, instead of `postgres.size`.' }),
    })
    .prefault({})
    .meta({ description: 'Native settings of the database.' }),
  search: z
    .strictObject({
      instanceType: patternedText(/^[a-z0-9-]+\.[a-z0-9]+\.search$/, 'an instance type such as r7g.large.search')
        .optional()
        .meta({ description: 'OpenSearch instance type, instead of `search.size`.' }),
    })
    .prefault({})
    .meta({ description: 'Native settings of the search domain.' }),
  cache: z
    .strictObject({
      nodeType: patternedText(/^cache\.[a-z0-9-]+\.[a-z0-9]+$/, 'a node type such as cache.t4g.small')
        .optional()
        .meta({ description: 'ElastiCache node type, instead of `cache.memory`.' }),
    })
    .prefault({})
    .meta({ description: 'Native settings of the cache.' }),
});

/** Settings of the AWS target. */
export type AwsSpec = z.output<typeof awsSchema>;
