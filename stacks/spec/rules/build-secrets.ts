import type { SpecPath, SpecProblem } from '../problem.js';
import type { Rule } from './rule.js';
import { workloadsOf } from './workloads-of.js';

/** Every secret of a build is declared, and none is a build argument as well, which would leave it in the image. */
export const buildSecrets: Rule = (spec, context) =>
  [{ path: [] as SpecPath, image: spec.image }, ...workloadsOf(spec)].flatMap(({ path, image }) => {
    if (image?.kind !== 'build') return [];
    const build = [...path, 'image', 'build'];
    return image.secrets.flatMap((name, index): readonly SpecProblem[] => {
      const undeclared: readonly SpecProblem[] =
        spec.secrets.includes(name) || context.isUnsure('secrets')
          ? []
          : [
              {
                code: 'undeclared-secret',
                path: [...build, 'secrets', index],
                at: 'value',
                message: `the build reads the secret ${name}, which is not in secrets`,
                allowed: spec.secrets,
                fix: `add ${name} to secrets`,
              },
            ];
      const argument: readonly SpecProblem[] = Object.hasOwn(image.args, name)
        ? [
            {
              code: 'declared-twice',
              path: [...build, 'args', name],
              at: 'key',
              message: `${name} is a build argument and a build secret`,
              fix: 'remove it here; a build argument stays readable in the image',
            },
          ]
        : [];
      return [...undeclared, ...argument];
    });
  });
