import type { FakeWorld } from '../fake-world.js';
import type { CreatedResource, Properties, ResourceType } from '../resource-type.js';
import { recipes, type Recipe } from './generic-recipes.js';

/** A type whose resources are an id with attributes, or undefined. Names are taken only once. */
export function genericResource(type: string): ResourceType | undefined {
  const recipe = recipes[type];
  if (recipe === undefined) return undefined;
  return {
    type,
    async create(properties, { world, newName }) {
      const made = madeWith(recipe, properties, world, newName);
      const existing = world.state(genericResources);
      const key = `${type} ${made.physicalId}`;
      if (recipe.named !== undefined && existing.has(key)) throw new Error(`${made.physicalId} already exists`);
      existing.set(key, properties);
      return made;
    },
    async update(resource, properties, _previous, { world }) {
      world.state(genericResources).set(`${type} ${resource.physicalId}`, properties);
      return resource;
    },
    async delete(resource, _properties, { world }) {
      world.state(genericResources).delete(`${type} ${resource.physicalId}`);
    },
  };
}

/** Properties of every resource without behaviour, by its type and what `Ref` gives: `AWS::EC2::VPC vpc-1`. */
export function genericResources(_world: FakeWorld): Map<string, Properties> {
  return new Map();
}

function madeWith(
  recipe: Recipe,
  properties: Properties,
  world: FakeWorld,
  newName: (max?: number) => string,
): CreatedResource {
  const given = recipe.named === undefined ? undefined : properties[recipe.named];
  const name = typeof given === 'string' ? given : newName(recipe.maxLength);
  const { ref } = recipe;
  const id = typeof ref === 'string' ? `${ref}${world.newId(17)}` : (ref?.(name, world, properties) ?? name);
  return { physicalId: id, attributes: recipe.attributes?.({ id, name, properties, world }) ?? {} };
}
