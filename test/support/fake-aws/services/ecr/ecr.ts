import * as client from '@aws-sdk/client-ecr';
import type { FakeService } from '../../fake-service.js';
import type { FakeWorld } from '../../fake-world.js';
import { pageOf } from '../../page-of.js';
import { ServiceError } from '../../service-error.js';
import { imageRegistry } from './image-registry.js';
import type { StoredManifest, StoredRepository } from '../../../cloud/registry/image-store.js';

/** A login is good for twelve hours (ECR guide, "Private registry authentication"). */
const loginMilliseconds = 12 * 60 * 60 * 1000;
const usualPage = 100;

/** ECR in front of a real registry. */
export const ecr: FakeService = { name: 'ecr', protocol: 'json', client, operations };

function operations(world: FakeWorld) {
  const find = async (name = ''): Promise<StoredRepository> => {
    const { store } = await world.state(imageRegistry);
    const found = store.repositories.get(name);
    if (found !== undefined) return found;
    const message = `The repository with name '${name}' does not exist in the registry with id '${world.accountId}'`;
    throw new ServiceError('RepositoryNotFoundException', message);
  };
  const repositoryView = async ({ name, immutable, createdAt }: StoredRepository): Promise<client.Repository> => ({
    repositoryName: name,
    repositoryArn: world.arn('ecr', `repository/${name}`),
    registryId: world.accountId,
    repositoryUri: `${(await world.state(imageRegistry)).host}/${name}`,
    createdAt,
    imageTagMutability: immutable ? 'IMMUTABLE' : 'MUTABLE',
  });
  return {
    GetAuthorizationToken: async () => {
      const { password, url } = await world.state(imageRegistry);
      return {
        authorizationData: [
          {
            authorizationToken: Buffer.from(`AWS:${password}`).toString('base64'),
            expiresAt: new Date(Date.now() + loginMilliseconds),
            proxyEndpoint: url,
          },
        ],
      };
    },
    CreateRepository: async ({ repositoryName = '', imageTagMutability }: client.CreateRepositoryCommandInput) => {
      const { store } = await world.state(imageRegistry);
      if (store.repositories.has(repositoryName)) {
        const message = `The repository with name '${repositoryName}' already exists in the registry with id '${world.accountId}'`;
        throw new ServiceError('RepositoryAlreadyExistsException', message);
      }
      const repository = store.createRepository(repositoryName, { immutable: imageTagMutability === 'IMMUTABLE' });
      return { repository: await repositoryView(repository) };
    },
    DescribeRepositories: async (input: client.DescribeRepositoriesCommandInput) => {
      const { store } = await world.state(imageRegistry);
      const found = await Promise.all((input.repositoryNames ?? [...store.repositories.keys()]).map(find));
      return { repositories: await Promise.all(found.map(repositoryView)) };
    },
    DescribeImages: async (input: client.DescribeImagesCommandInput) => {
      const repository = await find(input.repositoryName);
      const wanted = input.imageIds?.map((id) => ({ id, manifest: byId(repository, id) }));
      const missing = wanted?.find(({ manifest }) => manifest === undefined);
      if (missing !== undefined) {
        const message = `The image with imageId ${idText(missing.id)} does not exist within the repository with name '${repository.name}' in the registry with id '${world.accountId}'`;
        throw new ServiceError('ImageNotFoundException', message);
      }
      const found = wanted?.flatMap(({ manifest }) => manifest ?? []) ?? [...repository.manifests.values()];
      const { items, next } = pageOf(found, input.nextToken, input.maxResults ?? usualPage);
      return { imageDetails: items.map((manifest) => imageView(world, repository, manifest)), nextToken: next };
    },
    ListImages: async (input: client.ListImagesCommandInput) => {
      const repository = await find(input.repositoryName);
      const { tagStatus } = input.filter ?? {};
      const ids = [...repository.manifests.keys()].flatMap((imageDigest): client.ImageIdentifier[] => {
        const tags = tagsOf(repository, imageDigest);
        return tags.length === 0 ? [{ imageDigest }] : tags.map((imageTag) => ({ imageDigest, imageTag }));
      });
      const isWanted = ({ imageTag }: client.ImageIdentifier): boolean =>
        tagStatus === undefined || tagStatus === 'ANY' || (tagStatus === 'TAGGED') === (imageTag !== undefined);
      const { items, next } = pageOf(ids.filter(isWanted), input.nextToken, input.maxResults ?? usualPage);
      return { imageIds: items, nextToken: next };
    },
    BatchGetImage: async ({ repositoryName, imageIds = [] }: client.BatchGetImageCommandInput) => {
      const repository = await find(repositoryName);
      const found = imageIds.map((imageId) => ({ imageId, manifest: byId(repository, imageId) }));
      return {
        images: found.flatMap(({ imageId, manifest }) =>
          manifest === undefined
            ? []
            : [
                {
                  registryId: world.accountId,
                  repositoryName: repository.name,
                  imageId: { ...imageId, imageDigest: manifest.digest },
                  imageManifest: manifest.body.toString('utf8'),
                  imageManifestMediaType: manifest.mediaType,
                },
              ],
        ),
        failures: found.filter(({ manifest }) => manifest === undefined).map(({ imageId }) => notFound(imageId)),
      };
    },
    BatchDeleteImage: async ({ repositoryName, imageIds = [] }: client.BatchDeleteImageCommandInput) => {
      const repository = await find(repositoryName);
      const found = imageIds.map((imageId) => ({ imageId, manifest: byId(repository, imageId) }));
      for (const { imageId, manifest } of found) {
        if (manifest === undefined) continue;
        // A tag is taken from an image; an image without one is gone (BatchDeleteImage).
        for (const tag of imageId.imageTag === undefined ? tagsOf(repository, manifest.digest) : [imageId.imageTag]) {
          repository.tags.delete(tag);
        }
        if (tagsOf(repository, manifest.digest).length === 0) repository.manifests.delete(manifest.digest);
      }
      return {
        imageIds: found.flatMap(({ imageId, manifest }) =>
          manifest === undefined ? [] : [{ ...imageId, imageDigest: manifest.digest }],
        ),
        failures: found.filter(({ manifest }) => manifest === undefined).map(({ imageId }) => notFound(imageId)),
      };
    },
  };
}

function byId(
  repository: StoredRepository,
  { imageDigest, imageTag }: client.ImageIdentifier,
): StoredManifest | undefined {
  const digest = imageDigest ?? repository.tags.get(imageTag ?? '');
  if (imageTag !== undefined && repository.tags.get(imageTag) !== digest) return undefined;
  return repository.manifests.get(digest ?? '');
}

function tagsOf(repository: StoredRepository, digest: string): string[] {
  return [...repository.tags].filter(([, each]) => each === digest).map(([tag]) => tag);
}

function idText({ imageDigest = 'null', imageTag = 'null' }: client.ImageIdentifier): string {
  return `{imageDigest:'${imageDigest}', imageTag:'${imageTag}'}`;
}

function notFound(imageId: client.ImageIdentifier): client.ImageFailure {
  return { imageId, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' };
}

function imageView(world: FakeWorld, repository: StoredRepository, manifest: StoredManifest): client.ImageDetail {
  const { layers = [] } = JSON.parse(manifest.body.toString('utf8')) as { layers?: { size: number }[] };
  const tags = tagsOf(repository, manifest.digest);
  return {
    registryId: world.accountId,
    repositoryName: repository.name,
    imageDigest: manifest.digest,
    imagePushedAt: manifest.pushedAt,
    imageManifestMediaType: manifest.mediaType,
    imageSizeInBytes: layers.reduce((sum, { size }) => sum + size, 0),
    ...(tags.length === 0 ? {} : { imageTags: tags }),
  };
}
