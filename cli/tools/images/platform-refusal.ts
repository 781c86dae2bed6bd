import { AgentctlError } from '../../errors.js';

/** Pure: why an image does not fit where it is to run; undefined when it does. */
export function platformRefusal(image: string, found: readonly string[], wanted: string): AgentctlError | undefined {
  if (found.map(withoutVariant).includes(withoutVariant(wanted))) return undefined;
  const is = found.length === 0 ? 'for no platform' : `for ${[...new Set(found)].join(', ')}`;
  return new AgentctlError('Refused', `the image ${image} is ${is}, and ${wanted} is needed`, {
    fix: [
      `build it for ${wanted}: docker buildx build --platform ${wanted}, on such a machine or with QEMU`,
      `(docker run --privileged --rm tonistiigi/binfmt --install all); or set image.platform to what it is for, where the`,
      'target has such machines. Nothing was deployed',
    ].join('\n       '),
    data: { image, platforms: found, wanted },
  });
}

/** `linux/arm64/v8` and `linux/arm64` are the same. */
function withoutVariant(platform: string): string {
  return platform.split('/').slice(0, 2).join('/');
}
