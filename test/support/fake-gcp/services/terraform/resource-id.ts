import type { FakeWorld } from '../../fake-world.js';
import type { Attributes } from './resource-type.js';

/** What ids and computed attributes are made of. */
export type CloudPlace = Pick<FakeWorld, 'project' | 'projectNumber' | 'region' | 'newId'>;

/** Where things of a type are: the ids that Google's provider has (its reference pages, "Attributes"). */
const places: Readonly<Record<string, string>> = {
  google_artifact_registry_repository: 'projects/{project}/locations/{location}/repositories/{repository_id}',
  google_cloud_run_v2_job: 'projects/{project}/locations/{location}/jobs/{name}',
  google_cloud_run_v2_service: 'projects/{project}/locations/{location}/services/{name}',
  google_cloud_run_v2_worker_pool: 'projects/{project}/locations/{location}/workerPools/{name}',
  google_cloud_scheduler_job: 'projects/{project}/locations/{region}/jobs/{name}',
  google_compute_address: 'projects/{project}/regions/{region}/addresses/{name}',
  google_compute_backend_service: 'projects/{project}/global/backendServices/{name}',
  google_compute_disk: 'projects/{project}/zones/{zone}/disks/{name}',
  google_compute_firewall: 'projects/{project}/global/firewalls/{name}',
  google_compute_forwarding_rule: 'projects/{project}/regions/{region}/forwardingRules/{name}',
  google_compute_global_address: 'projects/{project}/global/addresses/{name}',
  google_compute_global_forwarding_rule: 'projects/{project}/global/forwardingRules/{name}',
  google_compute_instance: 'projects/{project}/zones/{zone}/instances/{name}',
  google_compute_instance_group: 'projects/{project}/zones/{zone}/instanceGroups/{name}',
  google_compute_managed_ssl_certificate: 'projects/{project}/global/sslCertificates/{name}',
  google_compute_network: 'projects/{project}/global/networks/{name}',
  google_compute_region_backend_service: 'projects/{project}/regions/{region}/backendServices/{name}',
  google_compute_region_health_check: 'projects/{project}/regions/{region}/healthChecks/{name}',
  google_compute_region_network_endpoint_group: 'projects/{project}/regions/{region}/networkEndpointGroups/{name}',
  google_compute_resource_policy: 'projects/{project}/regions/{region}/resourcePolicies/{name}',
  google_compute_router: 'projects/{project}/regions/{region}/routers/{name}',
  google_compute_router_nat: '{project}/{region}/{router}/{name}',
  google_compute_security_policy: 'projects/{project}/global/securityPolicies/{name}',
  google_compute_ssl_policy: 'projects/{project}/global/sslPolicies/{name}',
  google_compute_subnetwork: 'projects/{project}/regions/{region}/subnetworks/{name}',
  google_compute_target_http_proxy: 'projects/{project}/global/targetHttpProxies/{name}',
  google_compute_target_https_proxy: 'projects/{project}/global/targetHttpsProxies/{name}',
  google_compute_url_map: 'projects/{project}/global/urlMaps/{name}',
  google_dns_managed_zone: 'projects/{project}/managedZones/{name}',
  google_dns_record_set: 'projects/{project}/managedZones/{managed_zone}/rrsets/{name}/{type}',
  google_project_iam_custom_role: 'projects/{project}/roles/{role_id}',
  google_project_service: '{project}/{service}',
  google_pubsub_subscription: 'projects/{project}/subscriptions/{name}',
  google_pubsub_topic: 'projects/{project}/topics/{name}',
  google_redis_instance: 'projects/{project}/locations/{region}/instances/{name}',
  google_secret_manager_secret: 'projects/{project}/secrets/{secret_id}',
  google_service_account: 'projects/{project}/serviceAccounts/{account_id}@{project}.iam.gserviceaccount.com',
  google_sql_database: 'projects/{project}/instances/{instance}/databases/{name}',
  google_sql_database_instance: '{name}',
  google_sql_user: '{name}//{instance}',
  google_storage_bucket: '{name}',
};

/** Types whose name Google makes up. */
const numbered: Readonly<Record<string, string>> = {
  google_monitoring_alert_policy: 'projects/{project}/alertPolicies/{number}',
  google_monitoring_dashboard: 'projects/{projectNumber}/dashboards/{number}',
  google_monitoring_notification_channel: 'projects/{project}/notificationChannels/{number}',
  google_monitoring_uptime_check_config: 'projects/{project}/uptimeCheckConfigs/{number}',
};

/** The id of a new resource; two that cannot be told apart have the same. */
export function resourceId(world: CloudPlace, type: string, attributes: Attributes): string {
  const { project, projectNumber, region } = world;
  const own = numbered[type];
  if (own !== undefined) {
    return fill(own, { project, projectNumber, number: String(Number.parseInt(world.newId(12), 16)) });
  }
  const place = places[type] ?? generalPlace(type);
  return fill(place, { project, projectNumber, region, location: region, zone: `${region}-a`, ...attributes });
}

/** A member of a policy is what it grants to whom; everything else has a name. */
function generalPlace(type: string): string {
  if (type.endsWith('_iam_member')) {
    return `${type}/{name}{service_account_id}{secret_id}{repository}{topic}{subscription}{bucket}/{role}/{member}`;
  }
  return `projects/{project}/${type.replace(/^google_/, '')}/{name}{disk}{instance}{network}{secret}{workload_identity_pool_id}`;
}

function fill(place: string, values: Readonly<Record<string, unknown>>): string {
  return place.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  });
}
