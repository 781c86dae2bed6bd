import type { SpecPath, SpecProblem } from '../problem.js';
import type { Rule } from './rule.js';
import { workloadsOf } from './workloads-of.js';

const reference = /^[a-z0-9]+(?:[._:/-][a-zA-Z0-9_]+|__)*@sha256:[0-9a-f]{64}$/;

/** An image from a registry is pinned by digest, so that every deploy and rollback runs exactly what was named. */
export const pinnedImage: Rule = (spec) =>
  [{ path: [] as SpecPath, image: spec.image }, ...workloadsOf(spec)].flatMap(({ path, image }) =>
    image?.kind === 'ref' && !reference.test(image.ref) ? [problemOf([...path, 'image', 'ref'], image.ref)] : [],
  );

function problemOf(path: SpecPath, ref: string): SpecProblem {
  const place = { path, at: 'value' as const, found: JSON.stringify(ref) };
  const scheme = /^[a-z]+:\/\//i.exec(ref)?.[0];
  if (scheme !== undefined) {
    const message = 'an image reference has no scheme';
    return { ...place, code: 'bad-value', message, fix: `remove ${scheme}` };
  }
  if (/\s/.test(ref) || ref.includes('@')) {
    const message = 'this is not an image reference with a digest';
    return { ...place, code: 'bad-value', message, fix: 'write registry/app@sha256: and the 64 hexadecimal digits' };
  }
  const tag = /:([\w.-]+)$/.exec(ref)?.[1] ?? 'latest';
  const message = `the tag "${tag}" can point at another image tomorrow`;
  const fix = `pin the digest; "docker buildx imagetools inspect ${ref}" shows it`;
  return { ...place, code: 'image-not-pinned', message, fix };
}
