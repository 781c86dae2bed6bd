import { header, type HttpRequest } from '../../cloud/http-message.js';

/** Which bucket a request means: the first part of its path, or of its host. The path is then the key. */
export function s3Address(request: HttpRequest): {
  readonly bucket: string | undefined;
  readonly request: HttpRequest;
} {
  const host = (header(request, 'host') ?? '').replace(/:\d+$/, '');
  const isPathStyle = /^(localhost|[\d.]+|s3[.-].*)$/.test(host);
  if (!isPathStyle) return { bucket: host.replace(/\.(localhost|s3[.-].*)$/, ''), request };
  const [, bucket = '', ...key] = request.path.split('/');
  return {
    bucket: bucket === '' ? undefined : decodeURIComponent(bucket),
    request: { ...request, path: `/${key.join('/')}` },
  };
}
