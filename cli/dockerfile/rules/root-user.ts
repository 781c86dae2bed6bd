import type { DockerfileRule } from '../finding.js';
import { withParents } from '../read-dockerfile.js';

const fix = 'add "USER 10001:10001" (a number, so that a cluster can tell it is not root) before CMD';

/** The image does not run as root: whoever breaks out of the program then owns nothing. */
export const rootUser: DockerfileRule = ({ final }) => {
  if (final === undefined) return [];
  const stages = withParents(final);
  const user = stages.flatMap(
    ({ instructions }) => instructions.findLast(({ keyword }) => keyword === 'USER') ?? [],
  )[0];
  if (user === undefined) {
    // Images of this kind (distroless, Chainguard) say so in their tags.
    if (/nonroot/.test(stages.at(-1)?.base ?? '')) return [];
    const message = 'no USER: the image runs as the user of its base, which usually is root';
    return [{ rule: 'root-user', line: final.line, message, fix }];
  }
  if (!/^(?:root|0)(?::|$)/.test(user.text)) return [];
  return [{ rule: 'root-user', line: user.line, message: 'the image runs as root', fix }];
};
