import type * as client from '@aws-sdk/client-s3';
import type { Operation } from '../../fake-service.js';
import type { FakeWorld } from '../../fake-world.js';
import { pageOf } from '../../page-of.js';
import { s3State, type ObjectVersion } from './s3-state.js';

/** Lists of objects and of versions, in order of their keys. */
export function listOperations(world: FakeWorld): Record<string, Operation> {
  const state = world.state(s3State);
  return {
    ListObjectsV2(input: client.ListObjectsV2CommandInput) {
      const { Bucket = '', Prefix = '', Delimiter, StartAfter = '', MaxKeys = 1000, ContinuationToken } = input;
      const bucket = state.bucket(Bucket);
      const objects = [...bucket.objects.keys()].flatMap((key) => state.current(bucket, key) ?? []);
      const fitting = objects.filter(({ key }) => key.startsWith(Prefix) && key > StartAfter);
      const rows = new Map<string, ObjectVersion | undefined>();
      for (const object of fitting.toSorted((a, b) => (a.key < b.key ? -1 : 1))) {
        const end = Delimiter === undefined ? -1 : object.key.indexOf(Delimiter, Prefix.length);
        if (end < 0) rows.set(object.key, object);
        else rows.set(object.key.slice(0, end + (Delimiter ?? '').length), undefined);
      }
      const { items, next } = pageOf([...rows], ContinuationToken, MaxKeys);
      return {
        Name: Bucket,
        Prefix,
        Delimiter,
        MaxKeys,
        KeyCount: items.length,
        IsTruncated: next !== undefined,
        ContinuationToken,
        NextContinuationToken: next,
        Contents: items.flatMap(([, object]) => (object === undefined ? [] : [objectView(object)])),
        CommonPrefixes: items.flatMap(([key, object]) => (object === undefined ? [{ Prefix: key }] : [])),
      };
    },
    ListObjectVersions({ Bucket = '', Prefix = '', MaxKeys = 1000, KeyMarker }: client.ListObjectVersionsCommandInput) {
      const entries = [...state.bucket(Bucket).objects].toSorted(([a], [b]) => (a < b ? -1 : 1));
      const versions = entries
        .filter(([key]) => key.startsWith(Prefix))
        .flatMap(([, all]) => all.toReversed().map((version, at) => ({ version, isLatest: at === 0 })));
      const { items, next } = pageOf(versions, KeyMarker, MaxKeys);
      const view = ({ version, isLatest }: (typeof items)[number]) => ({
        Key: version.key,
        VersionId: version.versionId,
        IsLatest: isLatest,
        LastModified: version.modifiedAt,
      });
      return {
        Name: Bucket,
        Prefix,
        MaxKeys,
        IsTruncated: next !== undefined,
        NextKeyMarker: next,
        Versions: items
          .filter(({ version }) => !version.isDeleteMarker)
          .map((item) => ({ ...view(item), ETag: item.version.etag, Size: item.version.body.length })),
        DeleteMarkers: items.filter(({ version }) => version.isDeleteMarker).map(view),
      };
    },
  };
}

function objectView({ key, etag, body, modifiedAt }: ObjectVersion) {
  return { Key: key, ETag: etag, Size: body.length, LastModified: modifiedAt, StorageClass: 'STANDARD' as const };
}
