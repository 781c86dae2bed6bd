import { workloadsOf } from './rules/workloads-of.js';
import type { AgentSpec } from './schema/agent.js';
import type { ImageSpec } from './schema/image.js';
import { imageOf, type Workload } from './workload.js';

/** The image that everything without one of its own has. No workload has this name. */
export const sharedImage = '.';

/** Every image that something runs from, under the name of the first that does; the shared one under {@link sharedImage}. */
export function imageSources(spec: AgentSpec): Readonly<Record<string, ImageSpec>> {
  const named = workloadsOf(spec).map((workload) => {
    const name = workload.image === undefined ? sharedImage : workload.name;
    return [name, imageOf(spec, workload)] as const;
  });
  const isFirst = ([, image]: (typeof named)[number], index: number): boolean =>
    named.findIndex(([, other]) => JSON.stringify(other) === JSON.stringify(image)) === index;
  return Object.fromEntries(named.filter(isFirst));
}

/** The key into {@link imageSources} of what a workload runs from. */
export function imageSourceOf(spec: AgentSpec, workload: Workload): string {
  const key = JSON.stringify(imageOf(spec, workload));
  const found = Object.entries(imageSources(spec)).find(([, image]) => JSON.stringify(image) === key);
  return found?.[0] ?? sharedImage;
}
