import { ServiceError } from '../../service-error.js';
import type { ObjectVersion } from './s3-state.js';

interface WriteConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
}

const failed = (condition: string): ServiceError =>
  new ServiceError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    status: 412,
    details: { Condition: condition },
  });

/** Conditional writes (S3 user guide, "Conditional requests"): `If-None-Match: *` and `If-Match` with an entity tag. */
export function checkWrite(current: ObjectVersion | undefined, { IfMatch, IfNoneMatch }: WriteConditions): void {
  if (IfNoneMatch !== undefined && IfNoneMatch !== '*') {
    throw new ServiceError('NotImplemented', 'A header you provided implies functionality that is not implemented', {
      status: 501,
    });
  }
  if (IfNoneMatch === '*' && current !== undefined) throw failed('If-None-Match');
  if (IfMatch === undefined) return;
  if (current === undefined) throw noSuchKey();
  if (!isSame(current.etag, IfMatch)) throw failed('If-Match');
}

/** The same for reads: what has not changed is a 304. */
export function checkRead(version: ObjectVersion, { IfMatch, IfNoneMatch }: WriteConditions): void {
  if (IfMatch !== undefined && !isSame(version.etag, IfMatch)) throw failed('If-Match');
  if (IfNoneMatch !== undefined && isSame(version.etag, IfNoneMatch)) {
    throw new ServiceError('NotModified', 'Not Modified', { status: 304 });
  }
}

export function noSuchKey(): ServiceError {
  return new ServiceError('NoSuchKey', 'The specified key does not exist.', { status: 404 });
}

function isSame(etag: string, wanted: string): boolean {
  return wanted === '*' || wanted.replaceAll('"', '') === etag.replaceAll('"', '');
}
