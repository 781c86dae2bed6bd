import { ArtifactRegistryRepository } from '@cdktf/provider-google/lib/artifact-registry-repository/index.js';
import { ArtifactRegistryRepositoryIamMember } from '@cdktf/provider-google/lib/artifact-registry-repository-iam-member/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { assertProps } from '../../checks/assert-props.js';
import { fixLogicalId } from '../fixed-logical-id.js';
import { applyTransform, type Transform } from '../transform.js';

/** Props of {@link ImageRepository}. */
export interface ImageRepositoryProps {
  readonly project: string;
  readonly region: string;
  /** 1 to 63 lower-case letters, digits and hyphens. */
  readonly repositoryName: string;
  /** Images that are kept; older ones are removed. What a rollback may go back to has to be among them. @default 50 */
  readonly keepImages?: number;
  /** Days after which an image beyond those is removed. @default 30 */
  readonly keepDays?: number;
  /** A key of the customer. @default a key of Google's */
  readonly kmsKeyName?: string;
  /** Terraform refuses to destroy it. @default true */
  readonly deletionProtection?: boolean;
  /** @default the id of the construct */
  readonly logicalId?: string;
  /** What has to be there first. @default none */
  readonly dependsOn?: readonly ITerraformDependable[];
  /** @default none */
  readonly transform?: Transform;
}

/** Where images are pushed: a tag never moves, each push is scanned, old images go. */
export class ImageRepository extends Construct {
  readonly repository: ArtifactRegistryRepository;
  /** `REGION-docker.pkg.dev/PROJECT/NAME`. */
  readonly uri: string;

  constructor(scope: Construct, id: string, props: ImageRepositoryProps) {
    super(scope, id);
    const { region, repositoryName, keepImages = 50, keepDays = 30, deletionProtection = true } = props;
    assertProps(this, [
      !/^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(repositoryName) &&
        `repositoryName "${repositoryName}" is not 1 to 63 lower-case letters, digits and hyphens`,
      keepImages < 2 && `keepImages is ${keepImages}; a rollback needs at least 2`,
      keepDays < 1 && `keepDays is ${keepDays}, less than a day`,
    ]);
    this.repository = new ArtifactRegistryRepository(this, 'Repository', {
      repositoryId: repositoryName,
      location: region,
      format: 'DOCKER',
      dockerConfig: { immutableTags: true },
      vulnerabilityScanningConfig: { enablementConfig: 'INHERITED' },
      cleanupPolicyDryRun: false,
      // A policy keeps the newest ones or has a condition; with both the API refuses it.
      cleanupPolicies: [
        { id: 'keep-newest', action: 'KEEP', mostRecentVersions: { keepCount: keepImages } },
        { id: 'remove-old', action: 'DELETE', condition: { olderThan: `${keepDays * 86_400}s`, tagState: 'ANY' } },
      ],
      ...(props.kmsKeyName === undefined ? {} : { kmsKeyName: props.kmsKeyName }),
      ...(props.dependsOn === undefined ? {} : { dependsOn: [...props.dependsOn] }),
      lifecycle: { preventDestroy: deletionProtection },
    });
    fixLogicalId(this, this.repository, props.logicalId);
    this.uri = `${region}-docker.pkg.dev/${props.project}/${repositoryName}`;
    applyTransform(this, props.transform);
  }

  /** Lets a service account pull. Cloud Run pulls with an identity of its own. */
  grantPull(scope: Construct, id: string, member: string): ArtifactRegistryRepositoryIamMember {
    return new ArtifactRegistryRepositoryIamMember(scope, id, {
      repository: this.repository.name,
      location: this.repository.location,
      role: 'roles/artifactregistry.reader',
      member,
    });
  }
}
