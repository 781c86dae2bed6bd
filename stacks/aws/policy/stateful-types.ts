/**
 * Resources whose replacement or deletion loses what nobody can make again, or stops everything that uses them, and what
 * protects each of them besides its deletion policy. Some are of no stack of ours, but may be added to one.
 */
export const statefulTypes: Readonly<Record<string, { readonly protection?: string }>> = {
  'AWS::AmazonMQ::Broker': {},
  'AWS::Backup::BackupVault': {},
  'AWS::DynamoDB::Table': { protection: 'DeletionProtectionEnabled' },
  'AWS::ECR::Repository': {},
  'AWS::EFS::FileSystem': {},
  'AWS::ElastiCache::CacheCluster': {},
  'AWS::ElastiCache::ReplicationGroup': {},
  'AWS::ElastiCache::ServerlessCache': {},
  'AWS::KMS::Key': {},
  'AWS::OpenSearchService::Domain': {},
  'AWS::RDS::DBCluster': { protection: 'DeletionProtection' },
  'AWS::RDS::DBInstance': { protection: 'DeletionProtection' },
  'AWS::S3::Bucket': {},
  'AWS::SecretsManager::Secret': {},
  // Dead-letter queues apart: what is in one has failed already.
  'AWS::SQS::Queue': {},
};
