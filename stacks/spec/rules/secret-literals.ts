import type { SpecPath, SpecProblem } from '../problem.js';
import { looksLikeSecret } from '../secret-shapes.js';
import type { Rule } from './rule.js';
import { workloadsOf } from './workloads-of.js';

/** No secret stands in the file: not in a variable, a build argument, a command or a URL. */
export const secretLiterals: Rule = (spec) => {
  const workloads = workloadsOf(spec);
  const variables = [{ path: [] as SpecPath, env: spec.env }, ...workloads].flatMap(({ path, env }) =>
    Object.entries(env).map(([name, text]) => ({ path: [...path, 'env', name], name, text })),
  );
  const images = [{ path: [] as SpecPath, image: spec.image }, ...workloads].flatMap(({ path, image }) =>
    image?.kind === 'build'
      ? Object.entries(image.args).map(([name, text]) => ({
          path: [...path, 'image', 'build', 'args', name],
          name,
          text,
        }))
      : [],
  );
  const commands = workloads.flatMap(({ path, command }) =>
    (command ?? []).map((text, index) => ({ path: [...path, 'command', index], name: '', text })),
  );
  const urls = (['postgres', 'search', 'cache', 'queue'] as const).flatMap((section) => {
    const part = spec[section];
    return part?.kind === 'external' ? [{ path: [section, 'external'], name: '', text: part.url }] : [];
  });
  return [...variables, ...images, ...commands, ...urls]
    .filter(({ name, text }) => looksLikeSecret(name, text))
    .map(({ path, name }) => problemOf(path, name, spec.secrets));
};

function problemOf(path: SpecPath, name: string, secrets: readonly string[]): SpecProblem {
  const place = { code: 'secret-in-file' as const, path, at: 'value' as const };
  if (path.includes('args')) {
    const fix = 'remove it; a build argument stays readable in the image';
    return { ...place, message: `the build argument ${name} looks like a secret`, fix };
  }
  if (name === '') {
    const fix = 'add a name to secrets and refer to it as ${secrets.NAME}, or read it from the environment';
    return { ...place, message: 'this value contains something that looks like a secret', fix };
  }
  const listed = secrets.includes(name) ? '' : `add ${name} to secrets, `;
  const fix = `${listed}remove it here, and run "agentctl secrets set ${name}"; treat the value as leaked`;
  return { ...place, message: `the value of ${name} looks like a secret`, fix };
}
