import { AgentctlError, messageOf } from '../../errors.js';

/** Pure: an answer of a registry that is no success, as an error; those that may pass are retryable. */
export function registryFailure(registry: string, status: number, body: string): AgentctlError {
  const said = body.trim().slice(0, 500);
  const detail = said === '' ? {} : { detail: `  | ${said}` };
  if (isFull(status, said)) return registryFull(registry, detail);
  if (status === 401 || status === 403) return notPermitted(registry, `answered ${status}`, detail);
  if (status === 429) return busy(registry, 'answered 429: too many requests', detail);
  if (status >= 500) return busy(registry, `answered ${status}`, detail);
  return new AgentctlError('BuildFailed', `the registry ${registry} answered ${status}`, {
    fix: 'check the name of the repository, and what the registry says above; nothing was deployed',
    ...detail,
  });
}

/** Pure: a registry that could not be asked at all. Retryable: networks come back. */
export function registryUnreachable(registry: string, error: unknown): AgentctlError {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return new AgentctlError('EnvironmentNotReady', `cannot reach the registry ${registry}: ${messageOf(cause)}`, {
    fix: 'check its name, that it runs, and the network; nothing was deployed',
    retryable: true,
    cause: error,
  });
}

/** What `docker push` and its like print, most telling first. */
const words: readonly {
  readonly pattern: RegExp;
  readonly make: (registry: string, said: string, detail: Detail) => AgentctlError;
}[] = [
  {
    pattern: /no space left on device|insufficient storage|status: 507|quota exceeded|disk quota/i,
    make: (registry, _, detail) => registryFull(registry, detail),
  },
  {
    pattern: /toomanyrequests|too many requests|status:? 429/i,
    make: (registry, _, detail) => busy(registry, 'answered 429: too many requests', detail),
  },
  {
    pattern:
      /unauthorized|authentication required|no basic auth credentials|denied|forbidden|status:? 40[13]|invalid username\/password|insufficient_scope/i,
    make: (registry, said, detail) => notPermitted(registry, `refused: ${said}`, detail),
  },
  {
    pattern:
      /connection refused|no such host|i\/o timeout|network is unreachable|handshake timeout|connection reset|\bEOF\b|x509|http: server gave http response to https client/i,
    make: (registry, said, detail) => unreachable(registry, said, detail),
  },
  {
    pattern: /status:? 5\d\d|internal server error|bad gateway|service unavailable|gateway timeout/i,
    make: (registry, said, detail) => busy(registry, `failed: ${said}`, detail),
  },
];

/** Pure: a push that failed, by what the program printed. */
export function pushFailure(registry: string, how: string, lines: readonly string[]): AgentctlError {
  const detail = {
    detail: lines
      .slice(-10)
      .map((line) => `  | ${line}`)
      .join('\n'),
  };
  for (const { pattern, make } of words) {
    const said = lines.findLast((line) => pattern.test(line));
    if (said !== undefined) return make(registry, said.trim(), detail);
  }
  return new AgentctlError('BuildFailed', `the push to ${registry} failed: ${how}`, {
    fix: 'read its last lines above, mend what they name and deploy again; nothing was deployed',
    ...detail,
  });
}

interface Detail {
  readonly detail?: string;
}

/** `"Err":28` is ENOSPC as the registry of the CNCF writes it. */
function isFull(status: number, body: string): boolean {
  return status === 507 || (status >= 500 && /no space left on device|quota|"Err":28\b/i.test(body));
}

function registryFull(registry: string, detail: Detail): AgentctlError {
  return new AgentctlError('BuildFailed', `the registry ${registry} has no room left`, {
    fix: 'remove images from it or give it more room, and deploy again; nothing was deployed',
    ...detail,
  });
}

function notPermitted(registry: string, what: string, detail: Detail): AgentctlError {
  return new AgentctlError('EnvironmentNotReady', `the registry ${registry} ${what}`, {
    fix: `log in with an account that may use this repository (docker login ${registry}); nothing was deployed`,
    ...detail,
  });
}

function busy(registry: string, what: string, detail: Detail): AgentctlError {
  return new AgentctlError('BuildFailed', `the registry ${registry} ${what}`, {
    fix: 'try again in a while; nothing was deployed',
    retryable: true,
    ...detail,
  });
}

function unreachable(registry: string, said: string, detail: Detail): AgentctlError {
  const isCertificate = /x509/i.test(said);
  return new AgentctlError('EnvironmentNotReady', `cannot reach the registry ${registry}: ${said}`, {
    fix: isCertificate
      ? 'have the container engine trust the certificate of the registry; nothing was deployed'
      : 'check its name, that it runs, and the network; nothing was deployed',
    retryable: !isCertificate,
    ...detail,
  });
}
