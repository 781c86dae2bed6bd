export type { ImageRecipe } from './content-hash.js';
export type { BuildEngine } from './image-builder.js';
export { contentHashLabel, contentTag, imageLabels, type ImageLabelsOptions } from './image-labels.js';
export type { FoundImage, ImageRequest } from './image-request.js';
export { imageStore, type ImageStore, type ImageStoreOptions } from './image-store.js';
export type { ImageRun, RegistryLogin } from './image-world.js';
export type { ResolveRequest } from './resolve-image.js';
