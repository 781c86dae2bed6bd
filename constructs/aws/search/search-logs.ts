import { Names, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as opensearch from 'aws-cdk-lib/aws-opensearchservice';
import { Construct } from 'constructs';

/** Props of {@link SearchLogs}. */
export interface SearchLogsProps {
  readonly encryptionKey: kms.IKey;
  readonly retention: logs.RetentionDays;
}

/**
 * Log groups of an OpenSearch domain and one policy by which it may write them: an account has room for ten of these
 * policies in a region, and CDK would make one per domain by a Lambda function.
 */
export class SearchLogs extends Construct {
  readonly slowSearch: logs.LogGroup;
  readonly slowIndex: logs.LogGroup;
  readonly application: logs.LogGroup;
  readonly audit: logs.LogGroup;
  readonly resourcePolicy: logs.CfnResourcePolicy;

  constructor(scope: Construct, id: string, props: SearchLogsProps) {
    super(scope, id);
    const logGroup = (name: string): logs.LogGroup =>
      new logs.LogGroup(this, name, { ...props, removalPolicy: RemovalPolicy.DESTROY });
    this.slowSearch = logGroup('SlowSearch');
    this.slowIndex = logGroup('SlowIndex');
    this.application = logGroup('Application');
    this.audit = logGroup('Audit');
    const groups = [this.slowSearch, this.slowIndex, this.application, this.audit];
    this.resourcePolicy = new logs.CfnResourcePolicy(this, 'Policy', {
      policyName: Names.uniqueResourceName(this, { maxLength: 255, separator: '-' }),
      policyDocument: Stack.of(this).toJsonString({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'es.amazonaws.com' },
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            // The attribute ends in `:*`, which stands for the streams.
            Resource: groups.map((group) => group.logGroupArn),
            Condition: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
          },
        ],
      }),
    });
  }

  /** For the `logging` of a domain. */
  get options(): opensearch.LoggingOptions {
    return {
      slowSearchLogEnabled: true,
      slowSearchLogGroup: this.slowSearch,
      slowIndexLogEnabled: true,
      slowIndexLogGroup: this.slowIndex,
      appLogEnabled: true,
      appLogGroup: this.application,
      auditLogEnabled: true,
      auditLogGroup: this.audit,
    };
  }
}
