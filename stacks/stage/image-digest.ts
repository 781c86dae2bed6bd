/** `registry/repository@sha256:…`, as a registry returned it. */
export const imageWithDigest = /^[a-z0-9.:_/-]+@sha256:[0-9a-f]{64}$/;

/** Stands for an image that was not built yet; nothing can run from it. */
export const unknownDigest = `sha256:${'0'.repeat(64)}`;
