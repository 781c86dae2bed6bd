import type { ResourceType } from '../resource-type.js';
import { ServiceError } from '../service-error.js';
import { imageRegistry } from '../services/ecr/image-registry.js';

/** A repository of the registry. */
export const repositoryType: ResourceType = {
  type: 'AWS::ECR::Repository',
  create: async (properties, context) => {
    const { world } = context;
    const { store, host } = await world.state(imageRegistry);
    const name = String(properties['RepositoryName'] ?? context.newName(256).toLowerCase());
    if (store.repositories.has(name)) {
      const message = `The repository with name '${name}' already exists in the registry with id '${world.accountId}'`;
      throw new ServiceError('RepositoryAlreadyExistsException', message);
    }
    store.createRepository(name, { immutable: properties['ImageTagMutability'] === 'IMMUTABLE' });
    return {
      physicalId: name,
      attributes: { Arn: world.arn('ecr', `repository/${name}`), RepositoryUri: `${host}/${name}` },
    };
  },
  update: async (resource, properties, _previous, { world }) => {
    const { store } = await world.state(imageRegistry);
    const repository = store.repositories.get(resource.physicalId);
    if (repository !== undefined) repository.immutable = properties['ImageTagMutability'] === 'IMMUTABLE';
    return resource;
  },
  delete: async (resource, properties, { world }) => {
    const { store } = await world.state(imageRegistry);
    const repository = store.repositories.get(resource.physicalId);
    if (repository === undefined) return;
    if (repository.manifests.size > 0 && String(properties['EmptyOnDelete']) !== 'true') {
      const message = `The repository with name '${repository.name}' in registry with id '${world.accountId}' cannot be deleted because it still contains images`;
      throw new ServiceError('RepositoryNotEmptyException', message);
    }
    store.deleteRepository(repository.name);
  },
};
