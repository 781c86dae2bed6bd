import { AgentctlError } from '../../errors.js';
import { registryOrigin } from './image-reference.js';

/** Names where the API of a registry answers instead: `HOST=URL`, several with commas. */
const variable = 'AGENTCTL_REGISTRY_ENDPOINTS';

/**
 * Pure: where the API of a registry answers: a mirror, a private endpoint, or the registry itself. An engine that pushes has
 * such settings of its own, and is not told of ours.
 *
 * @throws UsageInvalid: the variable is no list of `HOST=URL`, or an account would be sent in the clear over a network
 */
export function registryEndpoint(
  registry: string,
  { [variable]: list = '' }: Readonly<Record<string, string | undefined>>,
): string {
  const endpoints = list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(endpointIn);
  return endpoints.find(({ host }) => host === registry)?.url ?? registryOrigin(registry);
}

function endpointIn(entry: string): { readonly host: string; readonly url: string } {
  const [host = '', text = ''] = entry.split(/=(.*)/s);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWhole = host !== '' && url?.pathname === '/' && url.search === '' && url.username === '';
  const mayBe = url?.protocol === 'https:' || url?.origin === registryOrigin(url?.host ?? '');
  if (isWhole && mayBe) return { host, url: url.origin };
  throw new AgentctlError('UsageInvalid', `${variable} has an entry that does not lead to a registry: ${host}=…`, {
    fix: 'write HOST=URL, such as europe-west3-docker.pkg.dev=https://mirror.example.com; http:// for this machine only',
  });
}
