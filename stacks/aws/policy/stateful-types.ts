/** Resources whose replacement or deletion loses data, and what protects each of them besides its deletion policy. */
export const statefulTypes: Readonly<Record<string, { readonly protection?: string }>> = {
  'AWS::AmazonMQ::Broker': {},
  'AWS::Backup::BackupVault': {},
  'AWS::ECR::Repository': {},
  'AWS::ElastiCache::ReplicationGroup': {},
  'AWS::KMS::Key': {},
  'AWS::OpenSearchService::Domain': {},
  'AWS::RDS::DBInstance': { protection: 'DeletionProtection' },
  'AWS::S3::Bucket': {},
  // Dead-letter queues apart: what is in one has failed already.
  'AWS::SQS::Queue': {},
};
