import { expect, test } from 'vitest';
import { gcloudFailure, gcloudReason } from '../../../../cli/tools/gcp/gcloud/gcloud-failure.js';

/** What gcloud 528 prints on standard error. */
const recorded = {
  'not-logged-in': `ERROR: (gcloud.run.services.describe) You do not currently have an active account selected.
Please run:

  $ gcloud auth login

to obtain new credentials.`,
  'api-disabled': `ERROR: (gcloud.secrets.describe) PERMISSION_DENIED: Secret Manager API has not been used in project acme before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/secretmanager.googleapis.com/overview?project=acme then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry. This command is authenticated as ann@acme.dev which is the active account specified by the [core/account] property.
- '@type': type.googleapis.com/google.rpc.ErrorInfo
  domain: googleapis.com
  metadata:
    service: secretmanager.googleapis.com
  reason: SERVICE_DISABLED`,
  billing: `ERROR: (gcloud.services.enable) FAILED_PRECONDITION: Billing account for project '123' is not found. Billing must be enabled for activation of service(s) 'run.googleapis.com' to proceed.`,
  denied: `ERROR: (gcloud.secrets.versions.access) PERMISSION_DENIED: Permission 'secretmanager.versions.access' denied for resource 'projects/acme/secrets/x/versions/3' (or it may not exist). This command is authenticated as ci@acme.iam.gserviceaccount.com which is the active account specified by the [core/account] property.`,
  quota: `ERROR: (gcloud.run.services.update-traffic) RESOURCE_EXHAUSTED: Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute per region' of service 'run.googleapis.com' for consumer 'project_number:123'.`,
  'not-found': `ERROR: (gcloud.run.services.describe) Cannot find service [api]`,
  exists: `ERROR: (gcloud.secrets.create) Resource in projects [acme] is the subject of a conflict: Secret [projects/123/secrets/x] already exists.`,
  precondition: `ERROR: (gcloud.storage.cp) HTTPError 412: At least one of the pre-conditions you specified did not hold.`,
  transient: `ERROR: gcloud crashed (ConnectionError): HTTPConnectionPool(host='127.0.0.1', port=9): Max retries exceeded with url: /v1/projects/p/secrets/x?alt=json (Caused by NewConnectionError('<urllib3.connection.HTTPConnection object at 0x7f>: Failed to establish a new connection: [Errno 111] Connection refused'))`,
  other: `ERROR: (gcloud.run.services.update-traffic) INVALID_ARGUMENT: Revision 'x' is not ready and cannot serve traffic.`,
} as const;

const failureOf = (text: string) => gcloudFailure(text, { what: 'secrets describe', project: 'acme' });

test.each(Object.entries(recorded))('%s is told from what gcloud prints', (reason, text) => {
  expect(gcloudReason(failureOf(text))).toBe(reason);
});

test('a bucket that is not there is not found', () => {
  const text = 'ERROR: (gcloud.storage.buckets.describe) gs://agentctl-state-acme not found: 404.';
  expect(gcloudReason(failureOf(text))).toBe('not-found');
});

test('what may pass is retryable, what somebody has to change is not', () => {
  const retryable = Object.entries(recorded).filter(([, text]) => failureOf(text).retryable);
  expect(retryable.map(([reason]) => reason)).toEqual(['quota', 'transient']);
  const used = "RESOURCE_EXHAUSTED: Quota 'CPUS' exceeded. Limit: 24.0 in region us-central1.";
  expect(failureOf(used)).toMatchObject({ code: 'ToolFailed', retryable: false });
});

test('a denial says which permission on what, and a fix what to do', () => {
  const denied = failureOf(recorded.denied);
  expect(denied).toMatchObject({
    code: 'EnvironmentNotReady',
    data: { permission: 'secretmanager.versions.access', resource: 'projects/acme/secrets/x/versions/3' },
  });
  expect(denied.fix).toBe(
    'give whoever deploys (gcloud auth list) secretmanager.versions.access on projects/acme/secrets/x/versions/3, then run it again',
  );
  const storage =
    "ERROR: (gcloud.storage.buckets.describe) [ann@acme.dev] does not have permission to access b instance [agentctl-state-acme] (or it may not exist): ann@acme.dev does not have storage.buckets.get access to the Google Cloud Storage bucket. Permission 'storage.buckets.get' denied on resource (or it may not exist).";
  expect(failureOf(storage).data).toMatchObject({ permission: 'storage.buckets.get' });
  expect(failureOf(recorded['api-disabled']).fix).toBe(
    'enable it, and wait a minute: gcloud services enable secretmanager.googleapis.com --project=acme',
  );
  expect(failureOf(recorded['not-logged-in']).fix).toContain('gcloud auth login');
  const adc = 'google.auth.exceptions.DefaultCredentialsError: Your default credentials were not found.';
  expect(failureOf(adc).fix).toBe('log in: gcloud auth application-default login');
});

test('the message is what gcloud says, without the name of its command', () => {
  expect(failureOf(recorded.other).message).toBe(
    "secrets describe failed: INVALID_ARGUMENT: Revision 'x' is not ready and cannot serve traffic.",
  );
});
