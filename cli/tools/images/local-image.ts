import type { ImageBuilder } from './image-builder.js';
import { type ImageConfig } from './registry-manifest.js';
import * as z from 'zod';

type Argv = readonly [string, ...string[]];

/** An image in the engine. */
export interface LocalImage extends ImageConfig {
  /** `sha256:…` of its config. */
  readonly id: string;
}

/** Pure: shows an image that the engine has. */
export function inspectCommand({ program, kind }: ImageBuilder, image: string): Argv {
  return kind === 'buildah' ? [program, 'inspect', '--type', 'image', image] : [program, 'image', 'inspect', image];
}

/** Pure: ids of the images with a label, newest first. */
export function imagesWithLabelCommand({ program }: ImageBuilder, label: string, value: string): Argv {
  return [program, 'images', '--filter', `label=${label}=${value}`, '--no-trunc', '--format', '{{.ID}}'];
}

/** Pure: takes an image away again. */
export function removeCommand({ program }: ImageBuilder, image: string): Argv {
  return [program, 'rmi', '--force', image];
}

const labels = z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish();
const engineImage = z.object({ Id: z.string(), Os: z.string(), Architecture: z.string(), Config: labels });
const buildahImage = z.object({
  FromImageID: z.string(),
  OCIv1: z.object({ os: z.string(), architecture: z.string(), config: labels }),
});

/** Pure: what {@link inspectCommand} prints; undefined for anything else. */
export function parseInspected(text: string): LocalImage | undefined {
  const value: unknown = parseJson(text);
  const engine = z.tuple([engineImage]).safeParse(value);
  if (engine.success) {
    const [{ Id, Os, Architecture, Config }] = engine.data;
    return { id: withAlgorithm(Id), platform: `${Os}/${Architecture}`, labels: Config?.Labels ?? {} };
  }
  const buildah = buildahImage.safeParse(value);
  if (!buildah.success) return undefined;
  const { FromImageID, OCIv1 } = buildah.data;
  return {
    id: withAlgorithm(FromImageID),
    platform: `${OCIv1.os}/${OCIv1.architecture}`,
    labels: OCIv1.config?.Labels ?? {},
  };
}

/** Podman and buildah leave the algorithm away. */
function withAlgorithm(id: string): string {
  return id.startsWith('sha256:') ? id : `sha256:${id}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
