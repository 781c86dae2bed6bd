import { ProjectIamMember } from '@cdktf/provider-google/lib/project-iam-member/index.js';
import { SecretManagerSecretIamMember } from '@cdktf/provider-google/lib/secret-manager-secret-iam-member/index.js';
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { assertProps } from '../../checks/assert-props.js';
import { secretNameProblem } from '../secrets/secret-name.js';
import { applyTransform, type Transform } from '../transform.js';

/** Props of {@link WorkloadIdentity}. */
export interface WorkloadIdentityProps {
  readonly project: string;
  /** 6 to 30 lower-case letters, digits and hyphens. */
  readonly accountId: string;
  /** @default the id of the account */
  readonly displayName?: string;
  /** @default none */
  readonly transform?: Transform;
}

/** Roles that are never given for a whole project: CKV_GCP_41, 42, 46, 49, 117 and GCP-0003 to 0011. */
const tooMuch = /^roles\/(?:owner|editor|viewer|iam\.serviceAccount(?:User|TokenCreator|KeyAdmin)|.*[aA]dmin)$/;

/** Who a container is: a service account of its own, that may do what it was granted and nothing else. */
export class WorkloadIdentity extends Construct {
  readonly account: ServiceAccount;
  readonly email: string;
  /** `serviceAccount:…`, as IAM writes it. */
  readonly member: string;
  readonly #project: string;
  readonly #grants = new Map<string, ITerraformDependable>();

  constructor(scope: Construct, id: string, props: WorkloadIdentityProps) {
    super(scope, id);
    assertProps(this, [
      !/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(props.accountId) &&
        `accountId "${props.accountId}" is not 6 to 30 lower-case letters, digits and hyphens`,
    ]);
    this.#project = props.project;
    this.account = new ServiceAccount(this, 'Account', {
      accountId: props.accountId,
      displayName: props.displayName ?? props.accountId,
    });
    this.email = this.account.email;
    this.member = this.account.member;
    applyTransform(this, props.transform);
  }

  /** Everything that was granted: IAM needs some time, so a revision that uses it waits for all of them. */
  get grants(): readonly ITerraformDependable[] {
    return [...this.#grants.values()];
  }

  /** May read one secret, and no other. */
  grantSecret(secretId: string): ITerraformDependable {
    assertProps(this, [secretNameProblem(secretId)]);
    return this.#grant(`Secret-${secretId}`, (id) => {
      const role = 'roles/secretmanager.secretAccessor';
      return new SecretManagerSecretIamMember(this, id, { secretId, role, member: this.member });
    });
  }

  /** A role on the project, for what has no smaller thing to grant it on, such as writing metrics. */
  grantOnProject(role: string): ITerraformDependable {
    assertProps(this, [tooMuch.test(role) && `${role} is too much for a whole project`]);
    const project = this.#project;
    return this.#grant(
      role.replace('roles/', ''),
      (id) => new ProjectIamMember(this, id, { project, role, member: this.member }),
    );
  }

  /** Something that was granted elsewhere, on a bucket or topic. */
  addGrant(grant: ITerraformDependable & { readonly fqn: string }): void {
    this.#grants.set(grant.fqn, grant);
  }

  #grant(id: string, make: (id: string) => ITerraformDependable): ITerraformDependable {
    const grant = this.#grants.get(id) ?? make(id.replaceAll(/[^A-Za-z0-9-]/g, '-'));
    this.#grants.set(id, grant);
    return grant;
  }
}
