import { passedEnvironment } from '../../process/passed-environment.js';

/** Settings of the SDK (login, configuration, endpoints) and of Google's libraries. */
const passedPrefixes = ['CLOUDSDK_', 'GOOGLE_'];

/** Pure: the environment gcloud runs in. It asks nothing, shows no progress, and tells Google nothing of how it is used. */
export function gcloudEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const ofGoogle = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && passedPrefixes.some((prefix) => name.startsWith(prefix)) ? [[name, value] as const] : [],
  );
  return {
    ...passedEnvironment(environment),
    ...Object.fromEntries(ofGoogle),
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: '1',
    CLOUDSDK_CORE_SHOW_STRUCTURED_LOGS: 'never',
    CLOUDSDK_CORE_DISABLE_COLOR: '1',
  };
}
