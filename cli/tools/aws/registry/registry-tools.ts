import type { RegistryLogin } from '../../images/image-world.js';

/** An image of a repository. */
export interface RepositoryImage {
  readonly digest: string;
  readonly tags: readonly string[];
  /** ISO 8601. */
  readonly pushedAt: string | null;
  readonly bytes: number;
}

/** ECR. */
export interface RegistryTools {
  /** A login that is good for twelve hours; asked for again when it is near its end. Its password is masked. */
  login(signal: AbortSignal): Promise<RegistryLogin>;
  /** URI (`<account>.dkr.ecr.<region>.amazonaws.com/<name>`); undefined: there is no such repository. */
  repository(name: string, signal: AbortSignal): Promise<string | undefined>;
  /** Newest first. */
  images(repository: string, signal: AbortSignal): Promise<readonly RepositoryImage[]>;
  /** Removes images by digest; those that are gone are no error. */
  removeImages(repository: string, digests: readonly string[], signal: AbortSignal): Promise<void>;
}
