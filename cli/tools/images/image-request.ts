import type { ImageRecipe } from './content-hash.js';

/** An image that is to be there. */
export interface ImageRequest {
  /** For people: what it is called in logs and in the engine. */
  readonly name: string;
  /** Absolute. */
  readonly context: string;
  readonly recipe: ImageRecipe;
  /** What context and recipe are expected to hash to: what was planned. */
  readonly contentHash: string;
  /** `registry/app`; null: it stays in the engine. */
  readonly repository: string | null;
  /** For people; nothing is deployed by them. */
  readonly tags: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** An image that is there. */
export interface FoundImage {
  /** `sha256:…`: what the registry calls it, or its id in the engine. */
  readonly digest: string;
  /** What a container is created from: `registry/app@sha256:…`, or the id. */
  readonly image: string;
  /** `linux/amd64`. */
  readonly platform: string;
  /** Whether it was there before. */
  readonly reused: boolean;
}

/** Pure: every name of an image, the one it is found again by last: when that is there, the others are. */
export function imageNames({ repository, name, tags }: ImageRequest, contentTag: string): readonly string[] {
  const prefix = repository ?? `agentctl/${name}`;
  return [...new Set([...tags, contentTag])].map((tag) => `${prefix}:${tag}`);
}
