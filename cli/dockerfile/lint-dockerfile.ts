import type { DockerfileFinding, DockerfileRule } from './finding.js';
import { type DockerfileBuild, readDockerfile } from './read-dockerfile.js';
import { bakedSecret } from './rules/baked-secret.js';
import { movingBase } from './rules/moving-base.js';
import { rootUser } from './rules/root-user.js';
import { shellForm } from './rules/shell-form.js';

const rules: readonly DockerfileRule[] = [movingBase, bakedSecret, rootUser, shellForm];

/** Pure: all that is wrong with a Dockerfile for production, in the order of its lines. */
export function lintDockerfile(text: string, build: DockerfileBuild = {}): readonly DockerfileFinding[] {
  const file = readDockerfile(text, build);
  return rules.flatMap((rule) => rule(file)).toSorted((a, b) => a.line - b.line);
}
