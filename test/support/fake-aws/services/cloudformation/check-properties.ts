import type { KnownResourceType } from '../../resources/find-resource-type.js';
import type { Properties } from '../../resource-type.js';

/** Throws what CloudFormation says of properties that the type does not have, or of those that are not there. */
export function checkProperties(logicalId: string, type: KnownResourceType, properties: Properties): void {
  const extraneous = Object.keys(properties).filter((name) => !type.properties.has(name));
  const missing = type.required.filter((name) => properties[name] === undefined);
  const problems = [
    ...extraneous.map((name) => `#: extraneous key [${name}] is not permitted`),
    ...missing.map((name) => `#: required key [${name}] not found`),
  ];
  if (problems.length === 0) return;
  throw new Error(`Properties validation failed for resource ${logicalId} with message:\n${problems.join('\n')}`);
}
