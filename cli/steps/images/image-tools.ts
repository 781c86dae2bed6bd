import type { ImageStore } from '../../tools/images/image-store.js';

/** What the steps of images reach the world through, on every target. */
export interface ImageTools {
  readonly images: Pick<ImageStore, 'find' | 'build' | 'resolve'>;
  /** Directory that build contexts are relative to. */
  readonly projectDirectory: string;
}
