import { IamWorkloadIdentityPool } from '@cdktf/provider-google/lib/iam-workload-identity-pool/index.js';
import { IamWorkloadIdentityPoolProvider } from '@cdktf/provider-google/lib/iam-workload-identity-pool-provider/index.js';
import { ServiceAccountIamMember } from '@cdktf/provider-google/lib/service-account-iam-member/index.js';
import { Construct } from 'constructs';
import { assertProps } from '../../checks/assert-props.js';
import { WorkloadIdentity } from '../identity/workload-identity.js';
import { applyTransform, type Transform } from '../transform.js';

/** Props of {@link GithubDeployIdentity}. */
export interface GithubDeployIdentityProps {
  readonly project: string;
  /** What GitHub's token says it is, exactly: `repo:acme/agent:environment:production`. */
  readonly subject: string;
  /** 4 to 32 lower-case letters, digits and hyphens. A pool that was deleted keeps its name for 30 days. */
  readonly poolId: string;
  /** 6 to 30 lower-case letters, digits and hyphens. */
  readonly accountId: string;
  /** What it may do on the project. @default roles/run.developer, roles/artifactregistry.writer */
  readonly roles?: readonly string[];
  /** E-mails of service accounts that it may run services as. @default none */
  readonly actAs?: readonly string[];
  /** @default none */
  readonly transform?: Transform;
}

const issuer = 'https://token.actions.githubusercontent.com';

/** Lets workflows of exactly one repository and environment deploy, without a key that could be lost. */
export class GithubDeployIdentity extends Construct {
  readonly pool: IamWorkloadIdentityPool;
  readonly provider: IamWorkloadIdentityPoolProvider;
  readonly identity: WorkloadIdentity;

  constructor(scope: Construct, id: string, props: GithubDeployIdentityProps) {
    super(scope, id);
    const { project, subject, poolId, accountId } = props;
    const { roles = ['roles/run.developer', 'roles/artifactregistry.writer'], actAs = [] } = props;
    assertProps(this, [
      !/^repo:[\w.-]+\/[\w.-]+:(?:environment:[\w.-]+|ref:refs\/(?:heads|tags)\/[\w./-]+)$/.test(subject) &&
        `subject "${subject}" does not name one repository and one environment or branch, such as repo:acme/agent:environment:production`,
      (!/^[a-z][a-z0-9-]{2,30}[a-z0-9]$/.test(poolId) || poolId.startsWith('gcp-')) &&
        `poolId "${poolId}" is not 4 to 32 lower-case letters, digits and hyphens, or begins with gcp-`,
    ]);
    this.pool = new IamWorkloadIdentityPool(this, 'Pool', { workloadIdentityPoolId: poolId, displayName: 'GitHub' });
    this.provider = new IamWorkloadIdentityPoolProvider(this, 'Provider', {
      workloadIdentityPoolId: this.pool.workloadIdentityPoolId,
      workloadIdentityPoolProviderId: 'github',
      attributeMapping: { 'google.subject': 'assertion.sub' },
      // Without a condition every repository of GitHub gets in (CKV_GCP_118, CKV_GCP_125, GCP-0068).
      attributeCondition: `assertion.sub == '${subject}'`,
      oidc: { issuerUri: issuer },
    });
    this.identity = new WorkloadIdentity(this, 'Identity', {
      project,
      accountId,
      displayName: 'agentctl in GitHub Actions',
    });
    for (const role of roles) this.identity.grantOnProject(role);
    new ServiceAccountIamMember(this, 'TakeOn', {
      serviceAccountId: this.identity.account.name,
      role: 'roles/iam.workloadIdentityUser',
      member: `principal://iam.googleapis.com/${this.pool.name}/subject/${subject}`,
    });
    for (const email of actAs)
      new ServiceAccountIamMember(this, `ActAs-${email.split('@')[0] ?? ''}`, {
        serviceAccountId: `projects/${project}/serviceAccounts/${email}`,
        role: 'roles/iam.serviceAccountUser',
        member: this.identity.member,
      });
    applyTransform(this, props.transform);
  }
}
