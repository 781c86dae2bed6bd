import { neededServices } from '../../../stacks/gcp/needed-services.js';
import { exporterRoleId, workloadName } from '../../../stacks/gcp/naming.js';
import type { AgentSpec } from '../../../stacks/spec/index.js';
import type { RoleGrant } from '../../tools/gcp/identity/identity-tools.js';

/** Roles that the service accounts of an agent get on the project, and so all that a deploy may hand out. */
export const grantableRoles: readonly string[] = ['roles/cloudtrace.agent', 'roles/monitoring.metricWriter'];

/** What a deploy does with an API that every stage has, or that the config file asks for: the narrowest predefined role. */
const rolesByApi: Readonly<Record<string, readonly string[]>> = {
  artifactregistry: ['roles/artifactregistry.admin'],
  cloudscheduler: ['roles/cloudscheduler.admin'],
  // Network and load balancer; firewalls, certificates and Cloud Armor.
  compute: ['roles/compute.networkAdmin', 'roles/compute.securityAdmin'],
  dns: ['roles/dns.admin'],
  // Accounts of the services, and to run services as them.
  iam: ['roles/iam.serviceAccountAdmin', 'roles/iam.serviceAccountUser'],
  logging: ['roles/logging.configWriter', 'roles/logging.viewer'],
  monitoring: ['roles/monitoring.editor'],
  pubsub: ['roles/pubsub.admin'],
  redis: ['roles/redis.admin'],
  run: ['roles/run.admin'],
  secretmanager: ['roles/secretmanager.admin'],
  servicenetworking: ['roles/servicenetworking.networksAdmin'],
  sqladmin: ['roles/cloudsql.admin'],
};

/** The bucket of states, locks and releases; APIs that Terraform enables. */
const always = ['roles/serviceusage.serviceUsageAdmin', 'roles/storage.admin'];

/** Pure: what whoever deploys a stage of an agent has to be granted on the project. */
export function deployRoles(spec: AgentSpec, stage: string, project: string): readonly RoleGrant[] {
  const hasDumps = spec.postgres?.kind === 'managed' && spec.postgres.backups.dumps !== undefined;
  const roles = [
    ...always,
    ...neededServices(spec).flatMap((api) => rolesByApi[api] ?? []),
    ...(spec.search?.kind === 'managed' ? ['roles/compute.instanceAdmin.v1'] : []),
    // Dumps have a role that is made for them.
    ...(hasDumps ? ['roles/iam.roleAdmin'] : []),
  ];
  const exporter = `projects/${project}/roles/${exporterRoleId(workloadName({ name: spec.name, stage }, 'dumps'))}`;
  const condition = onlyGrants([...grantableRoles, ...(hasDumps ? [exporter] : [])]);
  const granting = { role: 'roles/resourcemanager.projectIamAdmin', condition };
  return [...roles.toSorted().map((role) => ({ role, condition: null })), granting];
}

/** Pure: a condition under which nothing but these roles can be granted or taken (IAM, "Set limits on granting roles"). */
export function onlyGrants(roles: readonly string[]): string {
  const listed = roles.map((role) => `'${role}'`).join(', ');
  return `api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly([${listed}])`;
}
