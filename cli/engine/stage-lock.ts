import type { ObjectPlace } from '../object-store.js';
import { acquireLock, type HolderOptions, type Lock } from './lock.js';
import { findLock, type FoundLock, removeLock } from './lock-file.js';
import { acquireObjectLock, findObjectLock, removeObjectLock } from './object-lock.js';

/** Where the lock of a stage is kept: a file when one machine deploys it, an object when several do. */
export type LockPlace =
  { readonly kind: 'file'; readonly file: string } | { readonly kind: 'object'; readonly object: ObjectPlace };

/** Takes the lock of a stage. @throws as {@link acquireLock} */
export async function acquireStageLock(place: LockPlace, options: HolderOptions): Promise<Lock> {
  return place.kind === 'file'
    ? await acquireLock({ ...options, file: place.file })
    : await acquireObjectLock(place.object, options);
}

/** Looks at the lock of a stage. */
export async function findStageLock(place: LockPlace): Promise<FoundLock> {
  return place.kind === 'file' ? await findLock(place.file) : await findObjectLock(place.object);
}

/** Removes the lock of a stage if it is still the one that was looked at. */
export async function removeStageLock(place: LockPlace, identity: string): Promise<boolean> {
  return place.kind === 'file'
    ? await removeLock(place.file, identity)
    : await removeObjectLock(place.object, identity);
}
