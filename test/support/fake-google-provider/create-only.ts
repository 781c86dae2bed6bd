/** Of every type: where a resource is and what it is called. */
const always = ['name', 'project', 'region', 'location', 'zone'];

/** What else cannot be changed in place: arguments that are `ForceNew` in hashicorp/google 6.50; `*`: all. */
const byType: Readonly<Record<string, readonly string[]>> = {
  google_artifact_registry_repository: ['repository_id', 'format'],
  google_compute_address: ['*'],
  google_compute_disk: ['image', 'type', 'snapshot'],
  google_compute_global_address: ['*'],
  google_compute_managed_ssl_certificate: ['*'],
  google_compute_network: ['auto_create_subnetworks'],
  google_compute_region_network_endpoint_group: ['*'],
  google_compute_subnetwork: ['network'],
  google_dns_managed_zone: ['dns_name', 'visibility'],
  google_dns_record_set: ['managed_zone', 'type'],
  google_monitoring_uptime_check_config: ['monitored_resource'],
  google_project_service: ['service'],
  google_pubsub_subscription: ['topic'],
  google_redis_instance: ['authorized_network', 'connect_mode', 'tier', 'transit_encryption_mode'],
  google_service_account: ['account_id'],
  google_sql_database: ['instance'],
  google_sql_user: ['instance', 'host'],
};

/** Whether a change of this attribute replaces a resource of this type. */
export function isCreateOnly(type: string, attribute: string): boolean {
  if (/_iam_(member|binding)$/.test(type)) return true;
  const own = byType[type] ?? [];
  return own.includes('*') || own.includes(attribute) || always.includes(attribute);
}

/** Computed attributes that an update changes by itself, so that what refers to them is planned anew. */
const changedByUpdates: Readonly<Record<string, readonly string[]>> = {
  google_cloud_run_v2_job: ['etag', 'generation', 'update_time'],
  google_cloud_run_v2_service: [
    'etag',
    'generation',
    'latest_created_revision',
    'latest_ready_revision',
    'observed_generation',
    'traffic_statuses',
    'update_time',
  ],
};

/** Whether an update of this type gives this computed attribute another value. */
export function isChangedByUpdates(type: string, attribute: string): boolean {
  return changedByUpdates[type]?.includes(attribute) ?? false;
}
