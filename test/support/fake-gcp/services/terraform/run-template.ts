import type { Container, PodSpec, Probe, RevisionTemplate, TrafficTarget, Variable } from '../run/knative.js';
import { type Attributes, block, blocks, text } from './resource-type.js';

/** The template of a service or worker pool of the API v2, in the words of v1. */
export function revisionTemplate(value: unknown): RevisionTemplate {
  const template = block(value) ?? {};
  const revision = text(template['revision']);
  const scaling = block(template['scaling']) ?? {};
  const containers = blocks(template['containers']);
  const dependencies = Object.fromEntries(
    containers.flatMap((container) => {
      const names = (container['depends_on'] ?? []) as readonly string[];
      return names.length === 0 ? [] : [[text(container['name']) ?? '', names]];
    }),
  );
  const annotations: Record<string, string> = {
    ...(template['annotations'] as Record<string, string> | undefined),
    ...networkAnnotations(template),
    ...(scaling['min_instance_count'] === undefined
      ? {}
      : { 'autoscaling.knative.dev/minScale': String(scaling['min_instance_count']) }),
    ...(scaling['max_instance_count'] === undefined
      ? {}
      : { 'autoscaling.knative.dev/maxScale': String(scaling['max_instance_count']) }),
    ...(Object.keys(dependencies).length === 0
      ? {}
      : { 'run.googleapis.com/container-dependencies': JSON.stringify(dependencies) }),
  };
  const concurrency = template['max_instance_request_concurrency'];
  return {
    metadata: {
      ...(revision === undefined ? {} : { name: revision }),
      ...(template['labels'] === undefined ? {} : { labels: template['labels'] as Record<string, string> }),
      annotations,
    },
    spec: { ...podSpec(template), ...(concurrency === undefined ? {} : { containerConcurrency: Number(concurrency) }) },
  };
}

/** Containers with the account that they run as. */
export function podSpec(template: Attributes): PodSpec {
  const account = text(template['service_account']);
  const timeout = text(template['timeout']);
  return {
    containers: blocks(template['containers']).map(containerOf),
    ...(account === undefined ? {} : { serviceAccountName: account }),
    ...(timeout === undefined ? {} : { timeoutSeconds: Number.parseFloat(timeout) }),
  };
}

/** `network-interfaces` and the like, as v1 has them. */
export function networkAnnotations(template: Attributes): Record<string, string> {
  const access = block(template['vpc_access']);
  const environment = text(template['execution_environment']);
  const interfaces = blocks(access?.['network_interfaces']).map(({ network, subnetwork, tags }) => ({
    network,
    subnetwork,
    tags,
  }));
  const egress = text(access?.['egress']);
  return {
    ...(interfaces.length === 0 ? {} : { 'run.googleapis.com/network-interfaces': JSON.stringify(interfaces) }),
    ...(egress === undefined
      ? {}
      : { 'run.googleapis.com/vpc-access-egress': egress.toLowerCase().replaceAll('_', '-') }),
    ...(environment === undefined
      ? {}
      : { 'run.googleapis.com/execution-environment': environment.endsWith('GEN2') ? 'gen2' : 'gen1' }),
  };
}

function containerOf(value: Attributes): Container {
  const name = text(value['name']);
  const workingDir = text(value['working_dir']);
  const ports = blocks(value['ports']).map((port) => ({ containerPort: Number(port['container_port']) }));
  const [startup, liveness] = [block(value['startup_probe']), block(value['liveness_probe'])];
  const { limits } = block(value['resources']) ?? {};
  return {
    ...(name === undefined ? {} : { name }),
    image: String(value['image']),
    ...(value['command'] === undefined ? {} : { command: value['command'] as string[] }),
    ...(value['args'] === undefined ? {} : { args: value['args'] as string[] }),
    env: blocks(value['env']).map(variableOf),
    ...(workingDir === undefined ? {} : { workingDir }),
    ...(ports.length === 0 ? {} : { ports }),
    ...(startup === undefined ? {} : { startupProbe: probeOf(startup) }),
    ...(liveness === undefined ? {} : { livenessProbe: probeOf(liveness) }),
    ...(limits === undefined ? {} : { resources: { limits } }),
  };
}

function variableOf(value: Attributes): Variable {
  const reference = block(block(value['value_source'])?.['secret_key_ref']);
  const name = String(value['name']);
  if (reference === undefined) return { name, value: String(value['value'] ?? '') };
  const key = text(reference['version']) ?? 'latest';
  return { name, valueFrom: { secretKeyRef: { name: String(reference['secret']), key } } };
}

function probeOf(value: Attributes): Probe {
  const [http, tcp] = [block(value['http_get']), block(value['tcp_socket'])];
  const number = (from: string, to: string): Record<string, number> =>
    value[from] === undefined || value[from] === null ? {} : { [to]: Number(value[from]) };
  const port = (of: Attributes): { port?: number } => (of['port'] === undefined ? {} : { port: Number(of['port']) });
  return {
    ...(http === undefined ? {} : { httpGet: { path: text(http['path']) ?? '/', ...port(http) } }),
    ...(tcp === undefined ? {} : { tcpSocket: port(tcp) }),
    ...number('initial_delay_seconds', 'initialDelaySeconds'),
    ...number('period_seconds', 'periodSeconds'),
    ...number('timeout_seconds', 'timeoutSeconds'),
    ...number('failure_threshold', 'failureThreshold'),
  };
}

const latest = '_ALLOCATION_TYPE_LATEST';

/** `traffic`, or `instance_splits`, as v1 has them. */
export function trafficTargets(value: unknown): readonly TrafficTarget[] {
  const targets = blocks(value).map((target): TrafficTarget => {
    const [revision, tag] = [text(target['revision']), text(target['tag'])];
    const isLatest = String(target['type'] ?? '').endsWith(latest) || revision === undefined;
    return {
      ...(isLatest ? { latestRevision: true } : { revisionName: revision }),
      percent: Number(target['percent'] ?? 0),
      ...(tag === undefined ? {} : { tag }),
    };
  });
  return targets.length === 0 ? [{ latestRevision: true, percent: 100 }] : targets;
}

/** The other way round: what Terraform reads. */
export function trafficBlocks(
  targets: readonly TrafficTarget[],
  prefix: 'TRAFFIC_TARGET' | 'INSTANCE_SPLIT',
): readonly Attributes[] {
  return targets.map(({ revisionName, latestRevision, percent = 0, tag }) => ({
    type: `${prefix}_ALLOCATION_TYPE_${latestRevision === true ? 'LATEST' : 'REVISION'}`,
    percent,
    ...(latestRevision === true || revisionName === undefined ? {} : { revision: revisionName }),
    ...(tag === undefined ? {} : { tag }),
  }));
}
