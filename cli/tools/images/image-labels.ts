/** Holds the content hash of an image, by which it is found again. */
export const contentHashLabel = 'dev.agentctl.content-hash';

export interface ImageLabelsOptions {
  /** Commit that is built; with `-dirty` when there are changes on top. */
  readonly revision?: string | undefined;
  /** Address of the repository, without any login in it. */
  readonly source?: string | undefined;
}

/** Pure: labels of an image (OCI image specification, "Pre-Defined Annotation Keys"), but for those that a build adds. */
export function imageLabels({ revision, source }: ImageLabelsOptions): Record<string, string> {
  return {
    ...(revision === undefined ? {} : { 'org.opencontainers.image.revision': revision }),
    ...(source === undefined ? {} : { 'org.opencontainers.image.source': source }),
  };
}

/** Pure: what a build adds. The time is no part of the content hash: who finds the image again keeps its time. */
export function buildLabels(contentHash: string, created: Date): Record<string, string> {
  return { [contentHashLabel]: contentHash, 'org.opencontainers.image.created': created.toISOString() };
}

/** Pure: the tag under which an image of this content is pushed: 128 bits of the hash. */
export function contentTag(contentHash: string): string {
  return `content-${contentHash.replace('sha256:', '').slice(0, 32)}`;
}
