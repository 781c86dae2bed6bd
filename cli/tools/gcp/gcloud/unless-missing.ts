import { gcloudReason } from './gcloud-failure.js';

/** Undefined: what was asked for is not there. */
export async function unlessMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (gcloudReason(error) === 'not-found') return undefined;
    throw error;
  }
}
