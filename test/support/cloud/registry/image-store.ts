import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A manifest as it was pushed. */
export interface StoredManifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly body: Buffer;
  readonly pushedAt: Date;
}

/** One repository of the registry. */
export interface StoredRepository {
  readonly name: string;
  /** Tags cannot be moved. */
  immutable: boolean;
  readonly createdAt: Date;
  /** Tag to digest. */
  readonly tags: Map<string, string>;
  readonly manifests: Map<string, StoredManifest>;
}

/** Why a manifest was not stored. */
export type PutManifestResult =
  | { readonly kind: 'stored'; readonly digest: string }
  | { readonly kind: 'tag-exists' }
  | { readonly kind: 'blob-unknown'; readonly digest: string };

/** Repositories in memory, blobs in files. */
export interface ImageStore {
  readonly repositories: ReadonlyMap<string, StoredRepository>;
  createRepository(name: string, options?: { readonly immutable?: boolean }): StoredRepository;
  deleteRepository(name: string): void;
  hasBlob(digest: string): boolean;
  blobFile(digest: string): string;
  readBlob(digest: string): Buffer;
  blobSize(digest: string): number;
  /** Takes a finished file over when it has the digest. */
  adoptBlob(file: string, digest: string): boolean;
  /** Stores bytes and returns their digest. */
  addBlob(content: Buffer): string;
  putManifest(repository: StoredRepository, reference: string, mediaType: string, body: Buffer): PutManifestResult;
  /** By tag or digest. */
  findManifest(repository: StoredRepository, reference: string): StoredManifest | undefined;
}

/** `sha256:…` of some bytes. */
export function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

export function createImageStore(directory: string): ImageStore {
  mkdirSync(directory, { recursive: true });
  const repositories = new Map<string, StoredRepository>();
  const blobFile = (digest: string): string => join(directory, digest.replace(/^sha256:/, ''));
  return {
    repositories,
    createRepository(name, options = {}) {
      const repository: StoredRepository = {
        name,
        immutable: options.immutable ?? false,
        createdAt: new Date(),
        tags: new Map(),
        manifests: new Map(),
      };
      repositories.set(name, repository);
      return repository;
    },
    deleteRepository: (name) => void repositories.delete(name),
    hasBlob: (digest) => /^sha256:[0-9a-f]{64}$/.test(digest) && existsSync(blobFile(digest)),
    blobFile,
    readBlob: (digest) => readFileSync(blobFile(digest)),
    blobSize: (digest) => statSync(blobFile(digest)).size,
    adoptBlob(file, digest) {
      if (digestOf(readFileSync(file)) !== digest) {
        rmSync(file);
        return false;
      }
      renameSync(file, blobFile(digest));
      return true;
    },
    addBlob(content) {
      const digest = digestOf(content);
      writeFileSync(blobFile(digest), content);
      return digest;
    },
    putManifest(repository, reference, mediaType, body) {
      const digest = digestOf(body);
      const isTag = !reference.startsWith('sha256:');
      const current = isTag ? repository.tags.get(reference) : undefined;
      if (repository.immutable && current !== undefined && current !== digest) return { kind: 'tag-exists' };
      const missing = blobsOf(body).find((blob) => !existsSync(blobFile(blob)));
      if (missing !== undefined) return { kind: 'blob-unknown', digest: missing };
      if (!repository.manifests.has(digest)) {
        repository.manifests.set(digest, { digest, mediaType, body, pushedAt: new Date() });
      }
      if (isTag) repository.tags.set(reference, digest);
      return { kind: 'stored', digest };
    },
    findManifest: (repository, reference) =>
      repository.manifests.get(reference.startsWith('sha256:') ? reference : (repository.tags.get(reference) ?? '')),
  };
}

/** What an image manifest needs to be there already; nothing for an index. */
function blobsOf(manifest: Buffer): readonly string[] {
  const { config, layers = [] } = JSON.parse(manifest.toString('utf8')) as {
    config?: { digest: string };
    layers?: readonly { digest: string }[];
  };
  return [...(config === undefined ? [] : [config.digest]), ...layers.map(({ digest }) => digest)];
}
