/** A Cloud Run service or worker pool as it is now. */
export interface ServiceState {
  readonly name: string;
  /** Where it answers; null for a worker pool. */
  readonly url: string | null;
  /** What serves: percent of traffic, or of instances, by revision. */
  readonly traffic: readonly ServedRevision[];
  /** The newest that was made. */
  readonly latestCreated: string | null;
  /** The newest that has come up. */
  readonly latestReady: string | null;
  readonly condition: Condition;
}

/** A revision and how much of the traffic it gets. */
export interface ServedRevision {
  readonly revision: string;
  readonly percent: number;
  readonly tag: string | null;
  /** Whatever is the newest that is ready: nobody has pinned it. */
  readonly isLatest: boolean;
}

/** Whether something is as it should be: the condition `Ready` or `Completed` of Cloud Run. */
export interface Condition {
  readonly state: 'true' | 'false' | 'unknown';
  readonly reason: string | null;
  readonly message: string | null;
}

/** A revision. It never changes. */
export interface RevisionState {
  readonly name: string;
  /** Of the container of the application: `…@sha256:…`, what was asked for. */
  readonly image: string;
  /** `sha256:…`, what Cloud Run runs; null before it has looked. */
  readonly digest: string | null;
  readonly condition: Condition;
  /** ISO 8601. */
  readonly createdAt: string | null;
  /** As Cloud Run describes a container and what it runs with: what a job with the same surroundings is made from. */
  readonly definition: RevisionDefinition;
}

/** The part of a revision that says what runs, in the words of the API (Cloud Run Admin API v1, RevisionTemplate). */
export interface RevisionDefinition {
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** `service`: answers requests. `worker`: a worker pool. */
export type ServiceKind = 'service' | 'worker';

export interface MoveTrafficOptions {
  readonly kind: ServiceKind;
  readonly name: string;
  /** Percent by revision; 100 together. */
  readonly to: Readonly<Record<string, number>>;
  readonly signal: AbortSignal;
}

/** Cloud Run services and worker pools, and which of their revisions serves. */
export interface ServiceTools {
  /** Undefined: there is none. */
  state(kind: ServiceKind, name: string, signal: AbortSignal): Promise<ServiceState | undefined>;
  /** Undefined: there is none. */
  revision(kind: ServiceKind, name: string, signal: AbortSignal): Promise<RevisionState | undefined>;
  /** Newest first; of a service. */
  revisions(service: string, signal: AbortSignal): Promise<readonly RevisionState[]>;
  /** Has exactly these revisions serve, at once; tags stay. Asked twice it does the same. */
  moveTraffic(options: MoveTrafficOptions): Promise<void>;
  /** Deletes a service with all its revisions; harmless when it is gone. */
  remove(kind: ServiceKind, name: string, signal: AbortSignal): Promise<void>;
  /** Has a tag lead to a revision, and to no other, which gets no traffic by that; null takes the tag away. */
  setTag(service: string, tag: string, revision: string | null, signal: AbortSignal): Promise<void>;
}
