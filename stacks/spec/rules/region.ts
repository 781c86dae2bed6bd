import type { SpecPath, SpecProblem } from '../problem.js';
import { regions } from '../regions.js';
import { targetTitles } from '../target-kind.js';
import type { Rule } from './rule.js';

type RegionalCloud = keyof typeof regions;

const clouds: readonly RegionalCloud[] = ['aws', 'gcp', 'azure'];

/** The region of each cloud is one of that cloud’s regions. */
export const region: Rule = (spec) => {
  const { aws, gcp, azure } = spec.clouds;
  return [
    ...(aws === undefined ? [] : problemsOf('aws', ['clouds', 'aws', 'region'], aws.region)),
    ...(gcp === undefined ? [] : problemsOf('gcp', ['clouds', 'gcp', 'region'], gcp.region)),
    ...(azure === undefined ? [] : problemsOf('azure', ['clouds', 'azure', 'location'], azure.location)),
  ];
};

function problemsOf(cloud: RegionalCloud, path: SpecPath, found: string): readonly SpecProblem[] {
  const known: readonly string[] = regions[cloud];
  if (known.includes(found)) return [];
  const owner = clouds.find((other) => (regions[other] as readonly string[]).includes(found));
  const word = cloud === 'azure' ? 'location' : 'region';
  const title = targetTitles[cloud];
  const message =
    owner === undefined
      ? `${title} has no ${word} "${found}"`
      : `"${found}" is a ${owner === 'azure' ? 'location' : 'region'} of ${targetTitles[owner]}, not of ${title}`;
  const plain = found.toLowerCase().replaceAll(/[\s_]+/g, cloud === 'azure' ? '' : '-');
  const zone = /^(.*\d)-?[a-f]$/.exec(found)?.[1] ?? '';
  const corrected = [plain, zone].find((candidate) => known.includes(candidate));
  if (owner !== undefined) {
    const near = known.filter((candidate) => candidate.startsWith(found.slice(0, 2))).slice(0, 4);
    const fix = `use a ${word} of ${title}, such as ${(near.length > 0 ? near : known.slice(0, 4)).join(', ')}`;
    return [{ code: 'unknown-region', path, at: 'value', message, found: JSON.stringify(found), fix }];
  }
  const fix = corrected === undefined ? `use a ${word} of ${title}` : `write ${corrected}`;
  return [{ code: 'unknown-region', path, at: 'value', message, found: JSON.stringify(found), allowed: known, fix }];
}
