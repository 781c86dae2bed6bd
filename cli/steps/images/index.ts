import type { AnyStep } from '../../plan/step.js';
import { buildImage } from './build-image.js';
import type { ImageTools } from './image-tools.js';
import { resolveImage } from './resolve-image.js';

/** Every kind of step about images; part of the catalogue of each target whose tools include {@link ImageTools}. */
export const imageSteps: readonly AnyStep<ImageTools>[] = [buildImage, resolveImage];
