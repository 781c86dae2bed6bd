import { expect, test } from 'vitest';
import { containerImages } from '../../../stacks/local/container-images.js';
import { isImageReference } from '../../../stacks/spec/index.js';
import { specInput, validSpec } from '../spec/valid-spec.js';

const imagesOf = (changes: object) =>
  containerImages(validSpec(specInput({ clouds: { local: { runtime: 'docker' } }, ...changes })));

test('every default is an image reference with a tag that is not latest', () => {
  const images = Object.values(imagesOf({}));

  expect(images.filter((image) => !isImageReference(image) || !/:(?!latest$)[\w.-]+$/.test(image))).toEqual([]);
});

test.each([
  [{}, 'postgres:17'],
  [{ version: 15 }, 'postgres:15'],
  [{ version: 16, extensions: ['pg_trgm', 'vector'] }, 'pgvector/pgvector:pg16'],
  [{ external: 'postgres://elsewhere/db' }, 'postgres:17'],
])('for postgres: %j it is %s', (postgres, image) => {
  expect(imagesOf({ postgres }).postgres).toBe(image);
});

test('the version to run here comes first', () => {
  const clouds = { local: { runtime: 'docker', postgres: { version: 14 } } };

  expect(imagesOf({ postgres: { version: 16 }, clouds }).postgres).toBe('postgres:14');
});

test.each([
  [{}, '2'],
  [{ version: '3' }, '3'],
  [{ version: '2.19' }, '2.19.0'],
])('for search: %j it is OpenSearch %s', (search, version) => {
  expect(imagesOf({ search }).search).toBe(`opensearchproject/opensearch:${version}`);
});

test('the spec may name every one of them', () => {
  const images = {
    postgres: 'mirror/pg:1',
    pooler: 'mirror/pooler:1',
    search: 'mirror/search:1',
    redis: 'mirror/redis:1',
    rabbitmq: 'mirror/rabbitmq:1',
    temporal: 'mirror/temporal:1',
    gateway: 'mirror/gateway:1',
  };

  expect(imagesOf({ postgres: { extensions: ['vector'] }, clouds: { local: { runtime: 'docker', images } } })).toEqual(
    images,
  );
});
