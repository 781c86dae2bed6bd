/** Where an override of each API is looked for: as gcloud has it, or, where gcloud uses another version of it, as Google's provider for Terraform. */
const overrides = {
  monitoring: { variable: 'CLOUDSDK_API_ENDPOINT_OVERRIDES_MONITORING', version: 'v3' },
  run: { variable: 'GOOGLE_CLOUD_RUN_V2_CUSTOM_ENDPOINT', version: 'v2' },
} as const;

/** Pure: where an API answers that is asked over HTTP, with its version: `https://run.googleapis.com/v2`. */
export function apiEndpoint(
  api: keyof typeof overrides,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const { variable, version } = overrides[api];
  const override = environment[variable];
  const base = override === undefined || override === '' ? `https://${api}.googleapis.com` : override;
  return `${base.replace(/\/+$/, '').replace(new RegExp(`/${version}$`), '')}/${version}`;
}
