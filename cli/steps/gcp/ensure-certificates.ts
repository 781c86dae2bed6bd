import { certificateParts } from '../../../stacks/gcp/generated-secrets.js';
import { generatedSecretName, searchHost, searchNodeName, type StageScope } from '../../../stacks/gcp/naming.js';
import type { StepContext } from '../../plan/step.js';
import type { CertificateNames, Certificates } from '../../tools/certificates/index.js';
import type { GcpStepTools } from './gcp-step-tools.js';

type Reads = Pick<StepContext<Pick<GcpStepTools, 'gcp' | 'certificates'>>, 'tools' | 'signal'>;

const fields = {
  'search-ca-key': 'caKey',
  'search-ca': 'ca',
  'search-key': 'nodeKey',
  'search-node': 'node',
} as const satisfies Record<(typeof certificateParts)[number], keyof Certificates>;

/**
 * Has the search nodes have certificates that hold for half a year at least. The CA stays the one that clients have: what is
 * made anew is signed by it, so that nodes with the one and with the other take each other's word.
 *
 * @returns versions by the names of their secrets
 */
export async function ensureCertificates(
  scope: StageScope,
  labels: Readonly<Record<string, string>>,
  { tools, signal, log }: Reads & Pick<StepContext<GcpStepTools>, 'log'>,
): Promise<Record<string, string>> {
  const before = await foundCertificates(scope, { tools, signal });
  const names = certificateNames(scope);
  const problem = tools.certificates.problem(before, names);
  const made =
    problem === undefined
      ? undefined
      : await tools.certificates.make({ caName: `agentctl search CA of ${scope.name} ${scope.stage}`, names, before });
  if (problem !== undefined) log(`makes certificates of the search nodes: ${problem}`);
  const versions: Record<string, string> = {};
  for (const part of certificateParts) {
    const name = generatedSecretName(scope, part);
    const value = made?.[fields[part]];
    const version =
      value === undefined
        ? await tools.gcp.secrets.current(name, signal)
        : await tools.gcp.secrets.put({ name, value, labels }, signal);
    if (version !== undefined) versions[name] = version;
  }
  return versions;
}

/** Whether a deploy would make them anew. */
export async function certificatesAreDue(scope: StageScope, reads: Reads): Promise<boolean> {
  const found = await foundCertificates(scope, reads);
  return reads.tools.certificates.problem(found, certificateNames(scope)) !== undefined;
}

async function foundCertificates(scope: StageScope, { tools, signal }: Reads): Promise<Partial<Certificates>> {
  const found = certificateParts.map(async (part) => {
    const value = await tools.gcp.secrets.read(generatedSecretName(scope, part), signal);
    return value === undefined ? [] : [[fields[part], value] as const];
  });
  return Object.fromEntries((await Promise.all(found)).flat());
}

/** Clients come by the one name of all nodes; a node asks itself by what the certificate is of. */
function certificateNames(scope: StageScope): CertificateNames {
  return { commonName: searchNodeName, hosts: [searchHost(scope), searchNodeName] };
}
