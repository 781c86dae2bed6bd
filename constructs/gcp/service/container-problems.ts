import { isWholeNumber } from '../../checks/whole-number.js';
import type { ContainerProps } from './container-props.js';

/** Cloud Run, "Configure memory limits": GiB by vCPU. */
const memoryRanges: Readonly<Record<number, readonly [lowest: number, highest: number]>> = {
  1: [0.5, 4],
  2: [0.5, 8],
  4: [2, 16],
  6: [4, 24],
  8: [4, 32],
};

/** Cloud Run, "Container runtime contract" and "Configure environment variables": what it sets itself. */
const reserved = /^(?:PORT|K_SERVICE|K_REVISION|K_CONFIGURATION|CLOUD_RUN_.*|X_GOOGLE_.*)$/;

/** Pure: what Cloud Run refuses of a container although the provider plans it (measured with 6.50). */
export function containerProblems(props: ContainerProps): readonly (string | false)[] {
  const { image, cpu = 1, memoryMiB = 2048, environment = {}, labels = {} } = props;
  const range = memoryRanges[cpu];
  const [lowest = 0, highest = 0] = range ?? [];
  return [
    !/@sha256:[0-9a-f]{64}$/.test(image) && !image.includes('${') && `image "${image}" has no digest`,
    range === undefined && `cpu ${cpu} is not 1, 2, 4, 6 or 8`,
    range !== undefined &&
      !isWholeNumber(memoryMiB, lowest * 1024, highest * 1024) &&
      `memoryMiB ${memoryMiB} is not ${lowest * 1024} to ${highest * 1024}, as ${cpu} vCPU have it`,
    ...Object.entries(environment).flatMap(([name, value]) => [
      reserved.test(name) && `environment has ${name}, which Cloud Run sets itself`,
      typeof value !== 'string' &&
        !value.version.includes('${') &&
        !/^[1-9]\d*$/.test(value.version) &&
        `environment has ${name} from version "${value.version}" of a secret, not from a number`,
    ]),
    ...Object.entries(labels).flatMap(([name, value]) => [
      name.startsWith('run.googleapis.com') && `label "${name}" is one of Cloud Run's own`,
      !/^[a-z][a-z0-9_-]{0,62}$/.test(name) && `label "${name}" is not lower-case letters, digits, - and _`,
      !/^[a-z0-9_-]{0,63}$/.test(value) && `label ${name} "${value}" is not lower-case letters, digits, - and _`,
    ]),
  ];
}
