import type { GoogleCall, Route } from '../../fake-service.js';
import { reply } from '../../fake-service.js';
import type { FakeWorld } from '../../fake-world.js';
import { GoogleError, notFound } from '../../google-error.js';
import { checkPreconditions, preconditionsIn, storageState } from './storage-state.js';
import { objectView } from './storage-views.js';

interface Upload {
  readonly bucket: string;
  readonly name: string;
  readonly query: URLSearchParams;
  readonly contentType: string | undefined;
  readonly metadata: Record<string, string> | undefined;
  data: Buffer;
}

interface ObjectResource {
  readonly name?: string;
  readonly contentType?: string;
  readonly metadata?: Record<string, string>;
}

/** Uploads: simple, in two parts, and in a session of its own (JSON API, "Uploads and downloads"). */
export function uploadRoutes(world: FakeWorld): readonly Route[] {
  const state = world.state(storageState);
  const uploads = new Map<string, Upload>();
  const insert = ({ bucket: bucketName, name, query, contentType, metadata, data }: Upload): unknown => {
    const bucket = state.bucket(bucketName);
    checkPreconditions(preconditionsIn(query), bucket.live.get(name));
    const object = state.put(bucket, name, data, { contentType, ...(metadata === undefined ? {} : { metadata }) });
    return objectView(world, bucket, object);
  };
  const begin = (call: GoogleCall): unknown => {
    const { path, query, headers, raw } = call;
    const bucket = state.bucket(path['bucket']).name;
    const type = query.get('uploadType');
    if (type === 'media') {
      const upload = {
        bucket,
        name: query.get('name') ?? '',
        query,
        contentType: headers['content-type'],
        metadata: undefined,
        data: raw,
      };
      return insert(upload);
    }
    const [resource, part] = type === 'multipart' ? partsOf(call) : [jsonOf(raw), undefined];
    const {
      name = query.get('name') ?? '',
      contentType = part?.contentType ?? String(headers['x-upload-content-type'] ?? ''),
      metadata,
    } = resource;
    const upload: Upload = {
      bucket,
      name,
      query,
      contentType: contentType === '' ? undefined : contentType,
      metadata,
      data: part?.data ?? Buffer.alloc(0),
    };
    if (type === 'multipart') return insert(upload);
    // What can be known at the beginning is refused at the beginning.
    checkPreconditions(preconditionsIn(query), state.bucket(bucket).live.get(name));
    const id = world.newId(32);
    uploads.set(id, upload);
    const location = `${world.url}/upload/storage/v1/b/${bucket}/o?uploadType=resumable&upload_id=${id}`;
    return reply(200, { location, 'x-guploader-uploadid': id }, '');
  };
  return [
    { method: 'POST', path: '/upload/storage/v1/b/{bucket}/o', name: 'objects.insert', handle: begin },
    { method: 'POST', path: '/resumable/upload/storage/v1/b/{bucket}/o', name: 'objects.insert', handle: begin },
    {
      method: 'PUT',
      path: '/upload/storage/v1/b/{bucket}/o',
      name: 'objects.upload',
      handle: ({ query, headers, raw }) => {
        const id = query.get('upload_id') ?? '';
        const upload = uploads.get(id);
        if (upload === undefined) throw notFound('Upload ID not found.');
        const [, from = '', total = ''] =
          /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers['content-range'] ?? '') ?? [];
        if (from !== '' && Number(from) > upload.data.length)
          throw new GoogleError('INVALID_ARGUMENT', 'a part of the upload is missing');
        upload.data = Buffer.concat([upload.data.subarray(0, from === '' ? upload.data.length : Number(from)), raw]);
        const isWhole =
          headers['content-range'] === undefined || (total !== '*' && Number(total) === upload.data.length);
        if (!isWhole) {
          const range: Record<string, string> =
            upload.data.length === 0 ? {} : { range: `bytes=0-${upload.data.length - 1}` };
          return reply(308, range, '');
        }
        uploads.delete(id);
        return insert(upload);
      },
    },
  ];
}

function jsonOf(raw: Buffer): ObjectResource {
  return raw.length === 0 ? {} : (JSON.parse(raw.toString('utf8')) as ObjectResource);
}

/** `multipart/related`: the resource, then the data. */
function partsOf({ headers, raw }: GoogleCall): [ObjectResource, { data: Buffer; contentType: string | undefined }] {
  const [, quoted, plain] = /boundary=(?:["']([^"']+)["']|([^;\s]+))/.exec(headers['content-type'] ?? '') ?? [];
  const delimiter = Buffer.from(`--${quoted ?? plain ?? ''}`);
  const starts: number[] = [];
  for (let at = raw.indexOf(delimiter); at >= 0; at = raw.indexOf(delimiter, at + delimiter.length)) starts.push(at);
  const [first, second] = starts.slice(0, -1).map((start, index) => {
    const part = raw.subarray(start + delimiter.length, starts[index + 1]);
    // Line ends are CRLF, from Go's and Python's libraries sometimes LF.
    const crlf = part.indexOf('\r\n\r\n');
    const lf = part.indexOf('\n\n');
    const isCrlf = crlf >= 0 && (lf < 0 || crlf < lf);
    const head = part.subarray(0, isCrlf ? crlf : lf).toString('utf8');
    const content = part.subarray(isCrlf ? crlf + 4 : lf + 2, part.length - (part.at(-2) === 13 ? 2 : 1));
    return { content, type: /content-type:\s*(\S+)/i.exec(head)?.[1] };
  });
  if (first === undefined || second === undefined)
    throw new GoogleError('INVALID_ARGUMENT', 'the upload does not have two parts');
  return [jsonOf(first.content), { data: Buffer.from(second.content), contentType: second.type }];
}
