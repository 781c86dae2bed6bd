import type { IConstruct } from 'constructs';

/** What is wrong with the props of a construct, and which one: `Foundation/Postgres: port 70000 is not …`. */
export function constructError(scope: IConstruct, message: string): Error {
  return new Error(`${scope.node.path}: ${message}`);
}
