import { AgentctlError } from '../../errors.js';

/** Lines of a failed build that are shown. */
const shownLines = 20;

interface Cause {
  readonly words: RegExp;
  readonly code: 'BuildFailed' | 'EnvironmentNotReady';
  readonly what: string;
  readonly fix: string;
}

/** What builders print when the machine is at fault rather than the Dockerfile. */
const causes: readonly Cause[] = [
  {
    words: /exec format error/i,
    code: 'BuildFailed',
    what: 'a program of the base image is for another processor than this machine',
    fix: 'install QEMU (docker run --privileged --rm tonistiigi/binfmt --install all, or the package qemu-user-static), build on such a machine, or set image.platform',
  },
  {
    words: /no space left on device|disk quota exceeded/i,
    code: 'EnvironmentNotReady',
    what: 'the disk of the container engine is full',
    fix: 'make room on it; `docker system df` shows what takes it',
  },
  {
    words: /cannot connect to the docker daemon|is the docker daemon running|connection refused.*docker\.sock/i,
    code: 'EnvironmentNotReady',
    what: 'the container engine does not answer',
    fix: 'start it, and see that `docker version` shows a server',
  },
  {
    words:
      /no match for platform|does not provide the specified platform|no matching manifest for|image with reference .* was found but does not match/i,
    code: 'BuildFailed',
    what: 'a base image does not exist for this platform',
    fix: 'choose a base image that has it, or set image.platform to one that it has',
  },
];

/** Pure: a build that failed, by its last lines. `how`: how the program ended. */
export function buildFailure(name: string, how: string, lines: readonly string[]): AgentctlError {
  const text = lines.join('\n');
  const cause = causes.find(({ words }) => words.test(text));
  const fix = cause?.fix ?? 'mend what its last lines name and deploy again';
  return new AgentctlError(cause?.code ?? 'BuildFailed', `the build of ${name} failed: ${cause?.what ?? how}`, {
    fix: `${fix}; nothing was deployed`,
    detail: lines
      .slice(-shownLines)
      .map((line) => `  | ${line}`)
      .join('\n'),
  });
}
