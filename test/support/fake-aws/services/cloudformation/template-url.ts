import type { FakeWorld } from '../../fake-world.js';
import { ServiceError } from '../../service-error.js';
import { s3State } from '../s3/s3-state.js';

/** A template in the fake S3, by any address that S3 has for it. */
export function templateAt(world: FakeWorld, address: string): string {
  const url = new URL(address);
  const isOwn = url.origin === world.url || /^s3[.-]/.test(url.hostname);
  const [, first = '', ...rest] = url.pathname.split('/').map(decodeURIComponent);
  const bucketName = isOwn ? first : (url.hostname.split('.s3')[0] ?? '');
  const key = isOwn ? rest.join('/') : [first, ...rest].join('/');
  const state = world.state(s3State);
  const bucket = state.buckets.get(bucketName);
  if (bucket === undefined) throw new ServiceError('ValidationError', 'S3 error: The specified bucket does not exist');
  const object = state.current(bucket, key);
  if (object === undefined) throw new ServiceError('ValidationError', 'S3 error: The specified key does not exist.');
  return object.body.toString('utf8');
}
