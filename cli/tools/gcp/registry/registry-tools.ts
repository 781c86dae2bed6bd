import type { RegistryLogin } from '../../images/image-world.js';

/** An image of a repository. */
export interface RepositoryImage {
  readonly digest: string;
  readonly tags: readonly string[];
  /** ISO 8601. */
  readonly pushedAt: string | null;
}

/** Artifact Registry. */
export interface RegistryTools {
  /** A login with the token of gcloud's: no helper of docker is needed, and none is changed. Its password is masked. */
  login(signal: AbortSignal): Promise<RegistryLogin>;
  /** `us-central1-docker.pkg.dev/<project>/<name>`; undefined: there is no such repository. */
  repository(name: string, signal: AbortSignal): Promise<string | undefined>;
  /** Of every image in a repository; empty when there is none. */
  images(repositoryUri: string, signal: AbortSignal): Promise<readonly RepositoryImage[]>;
}
