import * as z from 'zod';
import { quantity } from '../quantity.js';
import { patternedText, text } from '../text.js';

const dnsLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const cpuError = 'a number of vCPU from 0.05 to 32, such as 0.25';

const request = z.strictObject({
  cpu: z
    .number({ error: cpuError })
    .min(0.05, { error: cpuError })
    .max(32, { error: cpuError })
    .optional()
    .meta({ description: 'vCPU the scheduler sets aside. Default: `size.cpu`.' }),
  memory: quantity('32Mi', '244Gi')
    .optional()
    .meta({ description: 'Memory the scheduler sets aside. Default: `size.memory`.' }),
});

/** Settings of the Kubernetes target, in Kubernetes’ words. */
export const kubernetesSchema = z.strictObject({
  context: text('the name of a kubeconfig context')
    .optional()
    .meta({ description: 'kubeconfig context. Default: the current one, which a deploy shows and asks about.' }),
  namespace: patternedText(dnsLabel, 'a namespace of lower-case letters, digits and hyphens, at most 63 long')
    .optional()
    .meta({ description: 'Namespace. Default: `<name>-<stage>`.' }),
  registry: patternedText(/^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/, 'a registry such as ghcr.io/acme, without https://')
    .optional()
    .meta({ description: 'Registry (and path) that built images are pushed to. Needed when an image is built.' }),
  ingressClass: patternedText(dnsLabel, 'the name of an ingress class')
    .optional()
    .meta({ description: 'Ingress class. Default: the cluster’s default class.' }),
  clusterIssuer: patternedText(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, 'the name of a ClusterIssuer')
    .optional()
    .meta({ description: 'cert-manager ClusterIssuer that issues the certificate of `domain.name`.' }),
  tlsSecretName: patternedText(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, 'the name of a Secret')
    .optional()
    .meta({ description: 'Existing TLS Secret for `domain.name`, instead of `clusterIssuer`.' }),
  storageClass: patternedText(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, 'the name of a storage class')
    .optional()
    .meta({ description: 'Storage class of volumes. Default: the cluster’s default class.' }),
  requests: z
    .record(z.string(), request, { error: 'a map of service names to { cpu, memory }' })
    .prefault({})
    .meta({ description: 'CPU and memory the scheduler sets aside, by service name; `size` stays the limit.' }),
});

/** Settings of the Kubernetes target. */
export type KubernetesSpec = z.output<typeof kubernetesSchema>;
