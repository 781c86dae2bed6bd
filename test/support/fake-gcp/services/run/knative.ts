/** Parts of the Cloud Run Admin API v1 that the fake acts on; the rest of a document is kept as it is. */
export interface Container {
  readonly name?: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly Variable[];
  readonly workingDir?: string;
  readonly ports?: readonly { readonly containerPort?: number; readonly name?: string }[];
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
}

export interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } };
}

export interface Probe {
  readonly httpGet?: { readonly path?: string; readonly port?: number };
  readonly tcpSocket?: { readonly port?: number };
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly failureThreshold?: number;
}

export interface Metadata {
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What a revision is made from. */
export interface RevisionTemplate {
  readonly metadata?: Metadata;
  readonly spec: PodSpec;
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly serviceAccountName?: string;
  readonly containerConcurrency?: number;
  readonly timeoutSeconds?: number | string;
}

/** A share of the traffic, or an address of its own by a tag. */
export interface TrafficTarget {
  readonly revisionName?: string;
  readonly latestRevision?: boolean;
  readonly percent?: number;
  readonly tag?: string;
  readonly url?: string;
}

/** What a run of a job is made from. */
export interface ExecutionSpec {
  readonly taskCount?: number;
  readonly parallelism?: number;
  readonly template: { readonly spec: PodSpec & { readonly maxRetries?: number } };
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime: string;
}

/** A condition as of now. */
export function condition(type: string, isMet: boolean | undefined, reason?: string, message?: string): Condition {
  return {
    type,
    status: isMet === undefined ? 'Unknown' : isMet ? 'True' : 'False',
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    lastTransitionTime: new Date().toISOString(),
  };
}

/** `run.googleapis.com/container-dependencies`: which containers come before which. */
export function dependenciesOf({ metadata }: RevisionTemplate): Readonly<Record<string, readonly string[]>> {
  const text = metadata?.annotations?.['run.googleapis.com/container-dependencies'];
  return text === undefined ? {} : (JSON.parse(text) as Record<string, string[]>);
}
