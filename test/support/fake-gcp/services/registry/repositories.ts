/** A Docker repository of Artifact Registry. */
export interface Repository {
  readonly name: string;
  readonly location: string;
  readonly createdAt: Date;
  immutableTags: boolean;
}

/** The repositories of one fake, by the last part of their names: `world.state(repositories)`. */
export function repositories(): Map<string, Repository> {
  return new Map();
}
