import { crc32 } from 'node:zlib';
import { ServiceError } from '../service-error.js';
import { header, type HttpRequest } from '../../cloud/http-message.js';

/** A request whose body is what was meant: chunks of `aws-chunked` put together, its checksum compared. */
export function withPlainBody(request: HttpRequest): HttpRequest {
  const isChunked =
    /\baws-chunked\b/.test(header(request, 'content-encoding') ?? '') ||
    (header(request, 'x-amz-content-sha256') ?? '').startsWith('STREAMING-');
  const { body, trailers } = isChunked ? unchunked(request.body) : { body: request.body, trailers: {} };
  const expected = trailers['x-amz-checksum-crc32'] ?? header(request, 'x-amz-checksum-crc32');
  if (expected !== undefined && expected !== crc32Text(body)) {
    throw new ServiceError('BadDigest', 'The CRC32 you specified did not match the calculated checksum.');
  }
  const encoding = (header(request, 'content-encoding') ?? '').replace(/\s*aws-chunked\s*,?\s*/, '');
  const { 'content-encoding': _, ...others } = request.headers;
  return {
    ...request,
    body,
    headers: { ...others, ...(encoding !== '' && { 'content-encoding': encoding }), ...trailers },
  };
}

/** As `x-amz-checksum-crc32` says it. */
export function crc32Text(body: Uint8Array): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}

function unchunked(raw: Buffer): { readonly body: Buffer; readonly trailers: Record<string, string> } {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = raw.indexOf('\r\n', at);
    if (end < 0) throw new ServiceError('IncompleteBody', 'The request body terminated unexpectedly');
    // A signature may follow the size: `400;chunk-signature=…`.
    const size = parseInt(raw.subarray(at, end).toString('latin1'), 16);
    if (size === 0)
      return { body: Buffer.concat(chunks), trailers: trailersOf(raw.subarray(end + 2).toString('latin1')) };
    if (end + 2 + size > raw.length)
      throw new ServiceError('IncompleteBody', 'The request body terminated unexpectedly');
    chunks.push(raw.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

function trailersOf(text: string): Record<string, string> {
  const lines = text.split('\r\n').filter((line) => line.includes(':'));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
}
