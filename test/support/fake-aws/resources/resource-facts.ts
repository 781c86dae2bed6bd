import facts from './resource-facts.json' with { type: 'json' };

/** What CloudFormation's registry says of a type. */
export interface ResourceFacts {
  readonly properties: ReadonlySet<string>;
  readonly required: readonly string[];
  /** Whose change always, and maybe, replaces the resource. */
  readonly always: ReadonlySet<string>;
  readonly maybe: ReadonlySet<string>;
  /** What a resource is known by: properties, or attributes that its service gives it. */
  readonly identifier: readonly string[];
  readonly attributes: ReadonlySet<string>;
}

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');

/** Facts of a type, if the fake takes it. Written by `write-facts.mjs`. */
export function resourceFacts(type: string): ResourceFacts | undefined {
  const found = (facts as Record<string, (typeof facts)['AWS::ECS::Service'] | undefined>)[type];
  if (found === undefined) return undefined;
  return {
    properties: new Set(words(found.properties)),
    required: words(found.required),
    always: new Set(words(found.always)),
    maybe: new Set(words(found.maybe)),
    identifier: words(found.identifier),
    attributes: new Set(words(found.attributes)),
  };
}
