import {
  type AgentSpec,
  columnOf,
  type ImageSpec,
  type TargetKind,
  unsupportedProblems,
} from '../stacks/spec/index.js';
import { suggest } from './config/suggest.js';
import { AgentctlError } from './errors.js';

/** One `--image`: what runs from an image that is built elsewhere. */
export interface ImageOverride {
  /** A service, schedule or migration; undefined: all that have no image of their own. */
  readonly name: string | undefined;
  /** With a digest. */
  readonly ref: string;
}

/**
 * Pure: the values of `--image`, `[name=]ref@sha256:…`.
 *
 * @throws UsageInvalid for one that is no reference, has no digest, or names the same twice
 */
export function parseImageOverrides(values: readonly string[]): readonly ImageOverride[] {
  const overrides = values.map((value): ImageOverride => {
    const [, name, ref = ''] = /^(?:([^=]*)=)?(.*)$/s.exec(value) ?? [];
    const problem = referenceProblem(ref);
    if (problem !== undefined) throw invalid(`--image "${value}" ${problem.what}`, problem.fix);
    return { name, ref };
  });
  const twice = overrides.find(({ name }, index) => overrides.findIndex((other) => other.name === name) !== index);
  if (twice === undefined) return overrides;
  const whose = twice.name === undefined ? 'the top-level image' : `"${twice.name}"`;
  throw invalid(`--image is given twice for ${whose}`, 'keep one of them; a service is named as name=ref@sha256:…');
}

/**
 * Pure: a spec with the images of the command line in place of its own. It is what is planned and hashed.
 *
 * @throws UsageInvalid for a name that nothing has, and where the target cannot run an image that is built elsewhere
 */
export function overrideImages(spec: AgentSpec, overrides: readonly ImageOverride[], target: TargetKind): AgentSpec {
  if (overrides.length === 0) return spec;
  assertNames(spec, overrides);
  const refOf = (wanted: string | undefined): string | undefined => overrides.find(({ name }) => name === wanted)?.ref;
  const replaced = <T extends { readonly image?: ImageSpec | undefined }>(name: string, workload: T): T => {
    const ref = refOf(name);
    const { platform } = workload.image ?? spec.image;
    return ref === undefined ? workload : { ...workload, image: { kind: 'ref', ref, platform } };
  };
  const inAll = <T extends { readonly image?: ImageSpec | undefined }>(workloads: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(workloads).map(([name, workload]) => [name, replaced(name, workload)]));
  const shared = refOf(undefined);
  const result: AgentSpec = {
    ...spec,
    image: shared === undefined ? spec.image : { kind: 'ref', ref: shared, platform: spec.image.platform },
    services: inAll(spec.services),
    schedules: inAll(spec.schedules),
    migrations: spec.migrations.map((migration) => replaced(migration.name, migration)),
  };
  const refused = unsupportedProblems(result, columnOf(result, target)).find(({ path }) => path.at(-1) === 'ref');
  if (refused !== undefined) throw invalid(`--image cannot be used here: ${refused.message}`, refused.fix);
  return result;
}

function assertNames(spec: AgentSpec, overrides: readonly ImageOverride[]): void {
  const names = [
    ...Object.keys(spec.services),
    ...Object.keys(spec.schedules),
    ...spec.migrations.map(({ name }) => name),
  ];
  const unknown = overrides.find(({ name }) => name !== undefined && !names.includes(name))?.name;
  if (unknown === undefined) return;
  const near = suggest(unknown, names);
  throw invalid(
    `--image names "${unknown}", and nothing is called that`,
    `${near === undefined ? '' : `did you mean ${near}? `}there is ${names.join(', ')}; without a name it is for all that have no image of their own`,
  );
}

/** Pure: what keeps a text from being a reference that always means the same image. */
function referenceProblem(ref: string): { readonly what: string; readonly fix: string } | undefined {
  const form = 'write --image [name=]registry/app@sha256: and the 64 hexadecimal digits';
  const scheme = /^[a-z]+:\/\//i.exec(ref)?.[0];
  if (scheme !== undefined) return { what: 'has a scheme, and an image reference has none', fix: `remove ${scheme}` };
  if (ref === '' || !/^[\w.:/-]+(?:@.*)?$/.test(ref)) return { what: 'is not an image reference', fix: form };
  if (!ref.includes('@')) {
    const tag = /:([\w.-]+)$/.exec(ref)?.[1] ?? 'latest';
    const what = `names no digest, and the tag "${tag}" can point at another image tomorrow`;
    return { what, fix: `pin the digest; "docker buildx imagetools inspect ${ref}" shows it` };
  }
  return /^[^@]+@sha256:[0-9a-f]{64}$/.test(ref) ? undefined : { what: 'has a digest that is none', fix: form };
}

function invalid(message: string, fix: string): AgentctlError {
  return new AgentctlError('UsageInvalid', message, { fix });
}

/** Pure: the flags of a command that goes on with a run, which takes the same images. */
export function withImageFlags(flags: string, images: readonly string[] = []): string {
  return [flags, ...images.map((image) => `--image ${image}`)].join(' ');
}
