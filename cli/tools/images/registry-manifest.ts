import * as z from 'zod';

/** What is asked for: the manifests of Docker and of OCI, single and indexed. */
export const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const;

const platform = z.object({ os: z.string(), architecture: z.string() });
const indexSchema = z.object({
  manifests: z.array(z.object({ digest: z.string(), platform: platform.optional() })),
});
const imageSchema = z.object({ config: z.object({ digest: z.string() }) });
const configSchema = platform.extend({
  config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
});

/** A manifest, as far as it says what an image is. */
export type Manifest =
  | { readonly kind: 'index'; readonly entries: readonly { readonly digest: string; readonly platform: string }[] }
  | { readonly kind: 'image'; readonly config: string };

/** What an image says of itself. */
export interface ImageConfig {
  /** `linux/amd64`; variants such as `v8` are left out. */
  readonly platform: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Pure: undefined for what is no manifest of an image, such as one of before 2016. */
export function parseManifest(value: unknown): Manifest | undefined {
  const index = indexSchema.safeParse(value);
  if (index.success) {
    // Attestations are entries too, for the platform unknown/unknown.
    const entries = index.data.manifests.flatMap(({ digest, platform }) =>
      platform === undefined || platform.os === 'unknown'
        ? []
        : [{ digest, platform: `${platform.os}/${platform.architecture}` }],
    );
    return { kind: 'index', entries };
  }
  const image = imageSchema.safeParse(value);
  return image.success ? { kind: 'image', config: image.data.config.digest } : undefined;
}

/** Pure: undefined for what is no config of an image. */
export function parseConfig(value: unknown): ImageConfig | undefined {
  const parsed = configSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { os, architecture, config } = parsed.data;
  return { platform: `${os}/${architecture}`, labels: config?.Labels ?? {} };
}
