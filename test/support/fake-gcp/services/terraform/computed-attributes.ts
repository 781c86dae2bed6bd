import type { CloudPlace } from './resource-id.js';
import type { Attributes } from './resource-type.js';

/** What any resource has that was not told: enough for what refers to it. */
export function computedAttributes(world: CloudPlace, type: string, id: string, attributes: Attributes): Attributes {
  const { project, projectNumber, region } = world;
  const last = id.slice(id.lastIndexOf('/') + 1);
  const selfLink = id.startsWith('projects/') ? `https://www.googleapis.com/compute/v1/${id}` : id;
  const general = { name: last, project, self_link: selfLink, creation_timestamp: new Date().toISOString() };
  switch (type) {
    case 'google_service_account': {
      const email = `${String(attributes['account_id'])}@${project}.iam.gserviceaccount.com`;
      return {
        ...general,
        name: id,
        email,
        member: `serviceAccount:${email}`,
        unique_id: String(Number.parseInt(world.newId(12), 16)),
      };
    }
    case 'google_monitoring_notification_channel':
    case 'google_monitoring_alert_policy':
    case 'google_project_iam_custom_role':
      return { ...general, name: id };
    case 'google_monitoring_uptime_check_config':
      return { ...general, name: id, uptime_check_id: last };
    case 'google_compute_address':
    case 'google_compute_forwarding_rule':
      // Nothing of it can be reached.
      return { ...general, address: privateAddress(world), ip_address: privateAddress(world), region };
    case 'google_dns_managed_zone':
      return { ...general, name_servers: ['ns-cloud-a1.googledomains.com.'], managed_zone_id: last };
    case 'google_iam_workload_identity_pool':
      return { ...general, name: `projects/${projectNumber}/locations/global/workloadIdentityPools/${last}` };
    case 'google_cloud_scheduler_job':
      return { ...general, state: 'ENABLED' };
    default:
      return general;
  }
}

function privateAddress({ newId }: CloudPlace): string {
  const [third = 0, fourth = 0] = Buffer.from(newId(4), 'hex');
  return `10.20.${third}.${fourth}`;
}
