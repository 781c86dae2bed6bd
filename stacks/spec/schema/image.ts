import * as z from 'zod';
import { environment } from './environment.js';
import { oneOf, patternedText, text } from './text.js';

/** The processor architecture an image is built for. */
export type Platform = 'linux/arm64' | 'linux/amd64';

const platform = oneOf(['linux/arm64', 'linux/amd64']).optional().meta({
  description:
    'Processor architecture of the image. Default: what the target runs best: `linux/arm64` on AWS, `linux/amd64` on Google Cloud, Azure and Kubernetes, the machine’s own locally.',
});

const build = z
  .strictObject({
    context: text('a directory')
      .prefault('.')
      .meta({ description: 'Directory sent to the build, relative to the config file.' }),
    dockerfile: text('a file')
      .prefault('Dockerfile')
      .meta({ description: 'Dockerfile, relative to the build context.' }),
    target: text('a stage name').optional().meta({ description: 'Stage of a multi-stage Dockerfile to stop at.' }),
    args: environment()
      .prefault({})
      .meta({ description: 'Build arguments. They stay readable in the image: never put a secret here.' }),
    secrets: z
      .array(patternedText(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a name such as NPM_TOKEN'), { error: 'a list of names' })
      .prefault([])
      .meta({
        description:
          'Secrets of `secrets` that the build may read (`RUN --mount=type=secret,id=NAME`). They stay out of the image and of its containers’ variables.',
      }),
  })
  .meta({ description: 'Build the image from a Dockerfile.' });

const ref = text('an image reference with a digest, such as registry.example.com/app@sha256:…').meta({
  description: 'An image that is already in a registry, pinned by digest: `registry/app@sha256:…`.',
});

const builtImage = z
  .strictObject({ build, platform })
  .transform((image) => ({ kind: 'build' as const, ...image.build, platform: image.platform }));

const referencedImage = z.strictObject({ ref, platform }).transform((image) => ({ kind: 'ref' as const, ...image }));

/** Where a container image comes from: `{ build: … }` or `{ ref: … }`. */
export const imageSchema = z.union([builtImage, referencedImage]);

/** Where a container image comes from. */
export type ImageSpec = z.output<typeof imageSchema>;
