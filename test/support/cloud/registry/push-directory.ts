import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { create } from 'tar';
import { basicAuthorization } from '../../../../cli/tools/images/registry-auth.js';

/** How an image is started. */
export interface PushedImageConfig {
  /** @default - none */
  readonly entrypoint?: readonly string[];
  readonly command: readonly string[];
  /** @default '/app' */
  readonly workingDirectory?: string;
  /** `NAME=value`. @default - none */
  readonly environment?: readonly string[];
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** @default 'linux/arm64' */
  readonly platform?: string;
}

export interface PushDirectoryOptions {
  readonly registry: { readonly host: string; readonly username: string; readonly password: string };
  /** Has to exist. */
  readonly repository: string;
  /** Its content lies in the working directory of the image. */
  readonly directory: string;
  readonly config: PushedImageConfig;
  /** @default - by digest only */
  readonly tags?: readonly string[];
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const configType = 'application/vnd.oci.image.config.v1+json';
const layerType = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** Makes an image of a directory without any container engine, pushes it over HTTP and returns its digest. The same content has the same digest. */
export async function pushDirectoryAsImage(options: PushDirectoryOptions): Promise<string> {
  const { registry, repository, directory, config } = options;
  const workingDirectory = config.workingDirectory ?? '/app';
  const [os, architecture] = (config.platform ?? 'linux/arm64').split('/');
  const tarball = await tarOf(directory, workingDirectory);
  const layer = gzipSync(tarball);
  const imageConfig = Buffer.from(
    JSON.stringify({
      os,
      architecture,
      config: {
        ...(config.entrypoint === undefined ? {} : { Entrypoint: config.entrypoint }),
        Cmd: config.command,
        WorkingDir: workingDirectory,
        Env: config.environment ?? [],
        Labels: config.labels ?? null,
      },
      rootfs: { type: 'layers', diff_ids: [digestOf(tarball)] },
    }),
  );
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: { mediaType: configType, digest: digestOf(imageConfig), size: imageConfig.length },
      layers: [{ mediaType: layerType, digest: digestOf(layer), size: layer.length }],
    }),
  );
  const base = `http://${registry.host}/v2/${repository}`;
  const authorization = basicAuthorization({ username: registry.username, password: registry.password });
  const put = async (method: string, path: string, body: Buffer, type: string): Promise<void> => {
    const headers = { authorization, 'content-type': type };
    const answer = await fetch(`${base}/${path}`, { method, headers, body: new Uint8Array(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  };
  for (const blob of [layer, imageConfig]) {
    await put('POST', `blobs/uploads/?digest=${digestOf(blob)}`, blob, 'application/octet-stream');
  }
  const digest = digestOf(manifest);
  for (const reference of options.tags ?? [digest]) {
    await put('PUT', `manifests/${reference}`, manifest, manifestType);
  }
  return digest;
}

async function tarOf(directory: string, prefix: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const stream = create(
    { cwd: directory, prefix: prefix.replace(/^\//, ''), portable: true, mtime: new Date(0) },
    readdirSync(directory).sort(),
  );
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
