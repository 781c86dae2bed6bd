import { join } from 'node:path';
import { passedEnvironment } from '../process/index.js';

/**
 * Of Terraform's own variables, where its provider comes from. Not TF_LOG, which writes requests with their secrets; not
 * TF_CLI_ARGS, TF_VAR_*, TF_WORKSPACE or TF_DATA_DIR, which change what a command does.
 */
const passedNames = new Set([
  'TF_CLI_CONFIG_FILE',
  'TF_PLUGIN_CACHE_DIR',
  'TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE',
  'TF_REATTACH_PROVIDERS',
  'TF_REGISTRY_CLIENT_TIMEOUT',
  'TF_REGISTRY_DISCOVERY_RETRY',
]);

/** Credentials and addresses of Google Cloud (provider and GCS backend), gcloud’s, the metadata server, tokens of registries. */
const passedPrefixes = ['GOOGLE_', 'CLOUDSDK_', 'GCE_METADATA_', 'TF_TOKEN_'];

/** The environment of Terraform: what it needs of ours by an allow-list, and values of variables, which are nowhere else. */
export function terraformEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  variables: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const passed = Object.entries(environment).filter(
    ([name]) => passedNames.has(name) || passedPrefixes.some((prefix) => name.startsWith(prefix)),
  );
  const values = Object.entries(variables).map(([name, value]) => [`TF_VAR_${name}`, value] as const);
  return {
    ...passedEnvironment(environment),
    ...Object.fromEntries(passed.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))),
    TF_PLUGIN_CACHE_DIR: pluginCacheDirectory(environment),
    ...Object.fromEntries(values),
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    NO_COLOR: '1',
    // Asks no server of HashiCorp's whether there is a newer version.
    CHECKPOINT_DISABLE: '1',
  };
}

/** Providers are some hundred megabytes: kept once for all projects, outside of them. */
export function pluginCacheDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  const own = environment['TF_PLUGIN_CACHE_DIR'];
  if (own !== undefined && own !== '') return own;
  const cache = environment['XDG_CACHE_HOME'] ?? join(environment['HOME'] ?? '/', '.cache');
  return join(cache, 'agentctl', 'terraform-plugins');
}
