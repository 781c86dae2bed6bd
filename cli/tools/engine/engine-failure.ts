import { AgentctlError, isAgentctlError, messageOf } from '../../errors.js';

/** A failure of an engine that has a name, told by what it prints. */
interface KnownFailure {
  readonly pattern: RegExp;
  readonly what: (program: string) => string;
  readonly fix: (program: string) => string;
  readonly retryable?: true;
}

/** What Docker 20.10 to 28 and Podman 4 print, in the order it is looked for. */
const knownFailures: readonly KnownFailure[] = [
  {
    pattern: /permission denied.*(docker|podman).*(sock|daemon)|(dial unix|connect).*permission denied/i,
    what: (program) => `this user may not use ${program}`,
    fix: (program) =>
      `add the user to the group of the daemon's socket (sudo usermod -aG ${program} $USER, then log in again), or use a rootless engine`,
  },
  {
    pattern:
      /cannot connect to the docker daemon|is the docker daemon running|error during connect|cannot connect to podman|unable to connect to podman|docker desktop is (not running|unable to start)/i,
    what: (program) => `the daemon of ${program} does not answer`,
    fix: (program) =>
      `start it (sudo systemctl start ${program}, or Docker Desktop) and check with \`${program} version\`; or set clouds.local.runtime: process`,
  },
  {
    pattern: /no space left on device/i,
    what: (program) => `${program} has no room left on its disk`,
    fix: (program) =>
      `make room: \`${program} system df\` shows what takes it, \`${program} image prune\` removes unused images`,
  },
  {
    pattern: /port is already allocated|address already in use/i,
    what: () => 'a port that the container needs is taken',
    fix: () => 'try again: another free port is chosen',
    retryable: true,
  },
  {
    pattern: /pull access denied|repository does not exist|manifest unknown|manifest for .* not found|no such image/i,
    what: () => 'the image is not there, or may not be read',
    fix: (program) =>
      `check the reference, log in (\`${program} login\`), or name another image under clouds.local.images`,
  },
  {
    pattern:
      /no such host|i\/o timeout|tls handshake timeout|connection refused|network is unreachable|toomanyrequests/i,
    what: () => 'the registry of the image cannot be reached now',
    fix: () => 'check the network, or name an image of a reachable registry under clouds.local.images',
    retryable: true,
  },
];

/**
 * A failed command of an engine as an error with a name: EnvironmentNotReady where what it printed says what is missing,
 * otherwise ToolFailed with the command's first word and its last lines.
 */
export function engineFailure(program: string, error: unknown, verb = ''): unknown {
  if (!isAgentctlError(error) || error.code !== 'ToolFailed') return error;
  const printed = `${error.detail ?? ''}\n${messageOf(error.cause)}`;
  const known = knownFailures.find(({ pattern }) => pattern.test(printed));
  if (known === undefined) {
    return new AgentctlError('ToolFailed', `${program} ${verb} failed`.replace('  ', ' '), {
      fix: 'read its last lines above, mend what they name, and run the same command again',
      detail: error.detail ?? '',
      cause: error,
    });
  }
  return new AgentctlError('EnvironmentNotReady', known.what(program), {
    fix: known.fix(program),
    detail: error.detail ?? '',
    retryable: known.retryable ?? false,
    cause: error,
  });
}
