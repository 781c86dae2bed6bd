import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { StepContext } from '../../../cli/plan/step.js';
import type { buildImage } from '../../../cli/steps/images/build-image.js';
import type { ImageTools } from '../../../cli/steps/images/image-tools.js';
import { imageStore, type ImageStore, type ImageStoreOptions } from '../../../cli/tools/images/index.js';
import type { RealBuilder } from './real-builders.js';

/** Marks the images of these tests, so that they can be taken away. */
export const testLabel = { 'dev.agentctl.test': 'images' };

/** A program that needs nothing else: images from scratch can run it, and no base image is pulled. */
export const busybox = '/bin/busybox';

export type BuildInputs = Parameters<typeof buildImage.run>[0];

/** A directory with a Dockerfile, and a store that builds it. */
export interface ImageProject {
  readonly directory: string;
  readonly home: string;
  readonly workDirectory: string;
  readonly images: ImageStore;
  readonly said: string[];
  readonly masked: string[];
  readonly inputs: (changes?: Partial<BuildInputs>) => Promise<BuildInputs>;
  readonly context: (signal?: AbortSignal) => StepContext<ImageTools>;
}

/** `busybox` runs every RUN; the content is new each time unless it is given. */
export function imageProject(
  { engine }: RealBuilder,
  options: Partial<ImageStoreOptions> & { readonly dockerfile?: string; readonly content?: string } = {},
): ImageProject {
  const root = mkdtempSync(join(tmpdir(), 'agentctl-images-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const [directory, home, workDirectory] = [join(root, 'app'), join(root, 'home'), join(root, 'work')];
  for (const each of [directory, home]) mkdirSync(each);
  if (existsSync(busybox)) copyFileSync(busybox, join(directory, 'busybox'));
  writeFileSync(join(directory, 'content'), options.content ?? randomBytes(16).toString('hex'));
  writeFileSync(join(directory, 'Dockerfile'), options.dockerfile ?? 'FROM scratch\nCOPY busybox content /\n');
  const [said, masked]: [string[], string[]] = [[], []];
  const environment = { ...process.env, HOME: home, ...options.environment };
  const images = imageStore({
    engine: () => Promise.resolve(engine),
    workDirectory,
    mask: (values) => masked.push(...values),
    ...options,
    environment,
  });
  return {
    directory,
    home,
    workDirectory,
    images,
    said,
    masked,
    async inputs(changes = {}) {
      const plain = { args: {}, platform: engine?.platform ?? 'linux/amd64', secrets: [], ...changes };
      const recipe = { ...plain, dockerfile: join(directory, 'Dockerfile') };
      return {
        name: 'agent',
        context: '.',
        repository: null,
        tags: [],
        labels: testLabel,
        ...plain,
        dockerfile: 'Dockerfile',
        contentHash: await images.contentHash(directory, recipe),
      };
    },
    context: (signal = new AbortController().signal) => ({
      signal,
      attempt: 1,
      log: (line) => void said.push(line),
      tools: { images, projectDirectory: directory },
    }),
  };
}
