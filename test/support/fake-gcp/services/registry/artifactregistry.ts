import type { StoredManifest, StoredRepository } from '../../../cloud/registry/image-store.js';
import type { FakeService, GoogleCall, Route } from '../../fake-service.js';
import type { FakeWorld } from '../../fake-world.js';
import { GoogleError, notFound } from '../../google-error.js';
import { pageOf } from '../../page-of.js';
import { imageRegistry } from './image-registry.js';
import { repositories, type Repository } from './repositories.js';

/** Artifact Registry v1, for Docker repositories, in front of a real registry. */
export const artifactregistry: FakeService = { name: 'artifactregistry', routes };

const base = '/v1/projects/{project}/locations/{location}/repositories';
const one = `${base}/{repository}`;

function routes(world: FakeWorld): readonly Route[] {
  const known = world.state(repositories);
  const named = ({ path }: GoogleCall): Repository => {
    const found = known.get(path['repository'] ?? '');
    if (found !== undefined) return found;
    throw notFound(
      `Repository "projects/${world.project}/locations/${path['location']}/repositories/${path['repository']}" not found`,
    );
  };
  const nameOf = ({ name, location }: Repository): string =>
    `projects/${world.project}/locations/${location}/repositories/${name}`;
  const view = (repository: Repository): unknown => ({
    name: nameOf(repository),
    format: 'DOCKER',
    mode: 'STANDARD_REPOSITORY',
    createTime: repository.createdAt.toISOString(),
    updateTime: repository.createdAt.toISOString(),
    dockerConfig: { immutableTags: repository.immutableTags },
    registryUri: `${repository.location}-docker.pkg.dev/${world.project}/${repository.name}`,
  });
  const images = async (
    repository: Repository,
  ): Promise<{ image: string; stored: StoredRepository; manifest: StoredManifest }[]> => {
    const { store } = await world.state(imageRegistry);
    const prefix = `${world.project}/${repository.name}/`;
    return [...store.repositories.values()]
      .filter(({ name }) => name.startsWith(prefix))
      .flatMap((stored) =>
        [...stored.manifests.values()].map((manifest) => ({
          image: stored.name.slice(prefix.length),
          stored,
          manifest,
        })),
      );
  };
  const tagsOf = ({ tags }: StoredRepository, digest: string): string[] =>
    [...tags].filter(([, each]) => each === digest).map(([tag]) => tag);
  return [
    {
      method: 'GET',
      path: base,
      name: 'projects.locations.repositories.list',
      handle: () => ({ repositories: [...known.values()].map(view) }),
    },
    {
      method: 'GET',
      path: one,
      name: 'projects.locations.repositories.get',
      handle: (call) => view(named(call)),
    },
    {
      method: 'POST',
      path: base,
      name: 'projects.locations.repositories.create',
      handle: ({ path, query, body }) => {
        const name = query.get('repositoryId') ?? '';
        if (known.has(name)) throw new GoogleError('ALREADY_EXISTS', `the repository already exists`);
        const { dockerConfig } = body as { dockerConfig?: { immutableTags?: boolean } };
        const repository = {
          name,
          location: path['location'] ?? world.region,
          createdAt: new Date(),
          immutableTags: dockerConfig?.immutableTags ?? false,
        };
        known.set(name, repository);
        return { name: `${nameOf(repository)}/operations/1`, done: true, response: view(repository) };
      },
    },
    {
      method: 'GET',
      path: `${one}/dockerImages`,
      name: 'projects.locations.repositories.dockerImages.list',
      handle: async (call) => {
        const repository = named(call);
        const found = (await images(repository)).map(({ image, stored, manifest }) => ({
          name: `${nameOf(repository)}/dockerImages/${image}@${manifest.digest}`,
          uri: `${repository.location}-docker.pkg.dev/${world.project}/${repository.name}/${image}@${manifest.digest}`,
          tags: tagsOf(stored, manifest.digest),
          imageSizeBytes: String(sizeOf(manifest)),
          uploadTime: manifest.pushedAt.toISOString(),
          updateTime: manifest.pushedAt.toISOString(),
          buildTime: manifest.pushedAt.toISOString(),
          mediaType: manifest.mediaType,
        }));
        const { items, next } = pageOf(found, call.query);
        return { dockerImages: items, ...(next === undefined ? {} : { nextPageToken: next }) };
      },
    },
    {
      method: 'GET',
      path: `${one}/packages`,
      name: 'projects.locations.repositories.packages.list',
      handle: async (call) => {
        const repository = named(call);
        const names = [...new Set((await images(repository)).map(({ image }) => image))];
        return {
          packages: names.map((image) => ({ name: `${nameOf(repository)}/packages/${encodeURIComponent(image)}` })),
        };
      },
    },
    {
      method: 'GET',
      path: `${one}/packages/{image}/versions/{version+}`,
      name: 'projects.locations.repositories.packages.versions.get',
      handle: async (call) => {
        const repository = named(call);
        const { image = '', version = '' } = call.path;
        const found = (await images(repository)).find(
          (each) => each.image === image && each.manifest.digest === version,
        );
        if (found === undefined) throw notFound('Requested entity was not found.');
        const name = `${nameOf(repository)}/packages/${encodeURIComponent(image)}`;
        return {
          name: `${name}/versions/${version}`,
          createTime: found.manifest.pushedAt.toISOString(),
          updateTime: found.manifest.pushedAt.toISOString(),
          relatedTags: tagsOf(found.stored, version).map((tag) => ({
            name: `${name}/tags/${tag}`,
            version: `${name}/versions/${version}`,
          })),
          metadata: {
            name: `${nameOf(repository)}/dockerImages/${image}@${version}`,
            imageSizeBytes: String(sizeOf(found.manifest)),
            mediaType: found.manifest.mediaType,
          },
        };
      },
    },
    {
      method: 'GET',
      path: `${one}/packages/{image}/tags/{tag}`,
      name: 'projects.locations.repositories.packages.tags.get',
      handle: async (call) => {
        const { image = '', tag = '' } = call.path;
        const repository = named(call);
        const stored = (await images(repository)).find((each) => each.image === image)?.stored;
        const digest = stored?.tags.get(tag);
        if (digest === undefined) throw notFound('Requested entity was not found.');
        const name = `${nameOf(repository)}/packages/${encodeURIComponent(image)}`;
        return { name: `${name}/tags/${tag}`, version: `${name}/versions/${digest}` };
      },
    },
  ];
}

function sizeOf(manifest: StoredManifest): number {
  const { layers = [] } = JSON.parse(manifest.body.toString('utf8')) as { layers?: { size: number }[] };
  return layers.reduce((sum, { size }) => sum + size, 0);
}
