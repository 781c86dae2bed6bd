import { isImageReference } from '../image-reference.js';
import type { SpecProblem } from '../problem.js';
import type { Rule } from './rule.js';

/** What replaces an image of a data service is an image reference. A tag is enough: it is not what is deployed. */
export const localImages: Rule = ({ clouds }) =>
  Object.entries(clouds.local?.images ?? {}).flatMap(([name, ref]): readonly SpecProblem[] => {
    if (ref === undefined || isImageReference(ref)) return [];
    const scheme = /^[a-z]+:\/\//i.exec(ref)?.[0];
    const fix = scheme === undefined ? 'write registry.example.com/name:tag in lower-case letters' : `remove ${scheme}`;
    return [
      {
        code: 'bad-value',
        path: ['clouds', 'local', 'images', name],
        at: 'value',
        message: 'this is not an image reference',
        found: JSON.stringify(ref),
        fix,
      },
    ];
  });
