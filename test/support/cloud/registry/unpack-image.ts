import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { extract } from 'tar';
import { parseImageReference } from '../../../../cli/tools/images/image-reference.js';
import type { ImageStore, StoredManifest } from './image-store.js';

/** An image that lies unpacked. */
export interface UnpackedImage {
  readonly digest: string;
  readonly root: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** What came of pulling. */
export type PullResult =
  { readonly kind: 'pulled'; readonly image: UnpackedImage } | { readonly kind: 'not-found'; readonly reason: string };

/** Pulls by image reference; a digest is unpacked once. */
export interface ImagePuller {
  /** The digest a reference stands for; undefined when there is no such image. */
  digestOf(reference: string): string | undefined;
  pull(reference: string): Promise<PullResult>;
}

interface ImageConfigFile {
  readonly config?: {
    readonly Entrypoint?: readonly string[] | null;
    readonly Cmd?: readonly string[] | null;
    readonly WorkingDir?: string;
    readonly Env?: readonly string[] | null;
  };
}

export function createImagePuller(options: {
  readonly store: ImageStore;
  /** Whether this host stands for the registry in front of the store. */
  readonly isOwnHost: (host: string) => boolean;
  readonly directory: string;
}): ImagePuller {
  const { store } = options;
  const unpacked = new Map<string, Promise<UnpackedImage>>();
  const find = (reference: string): StoredManifest | undefined => {
    const { registry, repository, tag = 'latest', digest } = parseImageReference(reference);
    // What comes from elsewhere is found under its whole name: a test puts it there.
    const name = options.isOwnHost(registry) ? repository : `${registry}/${repository}`;
    const found = store.repositories.get(name);
    return found === undefined ? undefined : store.findManifest(found, digest ?? tag);
  };
  return {
    digestOf: (reference) => find(reference)?.digest,
    async pull(reference) {
      const manifest = find(reference);
      if (manifest === undefined) {
        const reason = `failed to resolve ref ${reference}: ${reference}: not found`;
        return { kind: 'not-found', reason };
      }
      const under = unpacked.get(manifest.digest) ?? unpack(store, manifest, options.directory);
      unpacked.set(manifest.digest, under);
      return { kind: 'pulled', image: await under };
    },
  };
}

async function unpack(store: ImageStore, manifest: StoredManifest, directory: string): Promise<UnpackedImage> {
  const { config, layers } = imageManifest(store, manifest);
  const root = join(directory, manifest.digest.replace('sha256:', ''));
  const temporary = `${root}.unpacking`;
  mkdirSync(temporary, { recursive: true });
  for (const layer of layers) {
    await extract({ file: store.blobFile(layer.digest), cwd: temporary, preservePaths: false });
    applyWhiteouts(temporary);
  }
  renameSync(temporary, root);
  const { config: settings = {} } = JSON.parse(store.readBlob(config.digest).toString('utf8')) as ImageConfigFile;
  return {
    digest: manifest.digest,
    root,
    entrypoint: settings.Entrypoint ?? [],
    command: settings.Cmd ?? [],
    workingDirectory: settings.WorkingDir ?? '/',
    environment: Object.fromEntries(
      (settings.Env ?? []).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    ),
  };
}

/** Of an index, the first image. */
function imageManifest(
  store: ImageStore,
  manifest: StoredManifest,
): { readonly config: { digest: string }; readonly layers: readonly { digest: string }[] } {
  const parsed = JSON.parse(manifest.body.toString('utf8')) as {
    config?: { digest: string };
    layers?: { digest: string }[];
    manifests?: { digest: string; platform?: { os: string } }[];
  };
  if (parsed.config !== undefined) return { config: parsed.config, layers: parsed.layers ?? [] };
  const entry = parsed.manifests?.find(({ platform }) => platform?.os !== 'unknown');
  for (const repository of store.repositories.values()) {
    const found = entry === undefined ? undefined : repository.manifests.get(entry.digest);
    if (found !== undefined) return imageManifest(store, found);
  }
  throw new Error(`${manifest.digest} is no image`);
}

/** `.wh.name` says that a layer removes `name` (OCI image specification, layer.md). */
function applyWhiteouts(root: string): void {
  for (const entry of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    if (!basename(entry).startsWith('.wh.')) continue;
    const path = join(root, entry);
    const hidden = basename(entry).slice('.wh.'.length);
    if (existsSync(path)) rmSync(path);
    if (!hidden.startsWith('.wh.')) rmSync(join(dirname(path), hidden), { recursive: true, force: true });
  }
}
