import * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { constructError } from '../construct-error.js';
import { fixLogicalId } from '../fixed-logical-id.js';
import { applyTransform, type Transform } from '../transform.js';

/** Props of {@link ImageRepository}. */
export interface ImageRepositoryProps {
  /** Name of the repository. @default - CloudFormation makes one */
  readonly repositoryName?: string;
  /** Encrypts the images. @default - a key that AWS manages */
  readonly encryptionKey?: kms.IKey;
  /** Images that are kept; older ones are removed. What a rollback may go back to has to be among them. @default 50 */
  readonly keepImages?: number;
  /** Days after which an image without a tag is removed. @default 7 */
  readonly keepUntaggedDays?: number;
  /** Logical id of the repository: releases live in it, so it never moves. @default - the id of the construct */
  readonly logicalId?: string;
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/** Where images are pushed: a tag never moves, each push is scanned, old images go. Stays when the stack goes. */
export class ImageRepository extends Construct {
  readonly repository: ecr.Repository;
  /** Where images are pushed, as ECR tells it. */
  readonly uri: string;

  constructor(scope: Construct, id: string, props: ImageRepositoryProps = {}) {
    super(scope, id);
    const { encryptionKey, keepImages = 50, keepUntaggedDays = 7 } = props;
    if (keepImages < 2) throw constructError(this, `keepImages is ${keepImages}; a rollback needs at least 2`);
    this.repository = new ecr.Repository(this, 'Repository', {
      ...(props.repositoryName === undefined ? {} : { repositoryName: props.repositoryName }),
      imageTagMutability: ecr.TagMutability.IMMUTABLE,
      imageScanOnPush: true,
      encryption: ecr.RepositoryEncryption.KMS,
      ...(encryptionKey === undefined ? {} : { encryptionKey }),
      lifecycleRules: [
        { tagStatus: ecr.TagStatus.UNTAGGED, maxImageAge: Duration.days(keepUntaggedDays), rulePriority: 1 },
        { tagStatus: ecr.TagStatus.ANY, maxImageCount: keepImages, rulePriority: 2 },
      ],
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const resource = this.repository.node.defaultChild;
    if (!(resource instanceof ecr.CfnRepository)) throw constructError(this, 'has no CloudFormation resource');
    fixLogicalId(this, resource, props.logicalId);
    this.uri = resource.attrRepositoryUri;
    applyTransform(this, props.transform);
  }
}
