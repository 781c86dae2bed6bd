import { AgentctlError, type AgentctlErrorOptions, type ErrorCode } from '../../../errors.js';

/** Why Google refused something, as far as callers act on it; it is the `reason` in the data of the error. */
export type GcloudReason =
  | 'not-logged-in'
  | 'api-disabled'
  | 'billing'
  | 'denied'
  | 'quota'
  | 'not-found'
  | 'exists'
  | 'precondition'
  | 'transient'
  | 'other';

/** The call that failed. */
export interface FailedGcloudCall {
  /** `secrets describe`, or the method and path of a request. */
  readonly what: string;
  readonly project: string | undefined;
}

/** What Google calls it, in the texts of gcloud and of its APIs, in the order they are looked for. */
const patterns: readonly (readonly [GcloudReason, RegExp])[] = [
  [
    'not-logged-in',
    /do not currently have an active account|no credentialed accounts|problem refreshing your current auth tokens|reauthentication (?:is )?(?:required|failed)|invalid_grant|invalid_rapt|UNAUTHENTICATED|invalid authentication credentials|default credentials (?:were|was) not found|could not automatically determine credentials/i,
  ],
  [
    'api-disabled',
    /SERVICE_DISABLED|accessNotConfigured|API \[[\w.-]+\] (?:is )?not enabled|has not been used in project \S+ before or it is disabled/i,
  ],
  [
    'billing',
    /BILLING_DISABLED|billing (?:account .* (?:disabled|not found)|must be enabled|to be enabled|is disabled)|requires billing/i,
  ],
  [
    'quota',
    /RESOURCE_EXHAUSTED|quota ?exceeded|exceeds? (?:the )?quota|QUOTA_EXCEEDED|rateLimitExceeded|userRateLimitExceeded|HTTPError 429|code=429|\b429\b.*too many requests/i,
  ],
  [
    'denied',
    /PERMISSION_DENIED|does not have (?:permission|[\w.]+ access)|permission '[^']+' denied|required '[^']+' permission|HTTPError 403|\bforbidden\b|insufficient permission/i,
  ],
  ['precondition', /HTTPError 412|conditionNotMet|pre-?conditions? you specified did not hold|FAILED_PRECONDITION/i],
  ['exists', /ALREADY_EXISTS|already (?:exists|own)|HTTPError 409/i],
  [
    'not-found',
    /NOT_FOUND|HTTPError 404|notFound|cannot find (?:service|job|revision|execution|worker ?pool)|could not be found|\bnot found\b|does not exist/i,
  ],
  [
    'transient',
    /\bUNAVAILABLE\b|\bINTERNAL\b|DEADLINE_EXCEEDED|\bABORTED\b|HTTPError 5\d\d|code=5\d\d|backendError|gcloud crashed \((?:ConnectionError|ConnectTimeout|ReadTimeout|Timeout|SSLError|ProtocolError|TransportError|ChunkedEncodingError|ServerNotFoundError|IncompleteRead|socket|gaierror|RetryError|MaxRetryError)|max retries exceeded|connection (?:reset|aborted|refused)|temporarily unavailable|service is currently unavailable|timed out|unable to (?:connect|find the server)|network is unreachable|fetch failed/i,
  ],
];

/** The reason that an error of {@link gcloudFailure} has; undefined for any other error. */
export function gcloudReason(error: unknown): string | undefined {
  const reason = error instanceof AgentctlError ? error.data?.['reason'] : undefined;
  return typeof reason === 'string' ? reason : undefined;
}

/** Pure: what gcloud, or an API it talks to, printed when it failed, as an error of ours. */
export function gcloudFailure(text: string, call: FailedGcloudCall, cause?: unknown): AgentctlError {
  const reason = patterns.find(([, pattern]) => pattern.test(text))?.[0] ?? 'other';
  const message = messageIn(text);
  const { what, project } = call;
  const make = (code: ErrorCode, said: string, options: AgentctlErrorOptions): AgentctlError =>
    new AgentctlError(code, said, { ...options, cause, data: { ...options.data, reason } });
  switch (reason) {
    case 'not-logged-in':
      return make('EnvironmentNotReady', `no valid login of Google Cloud: ${message}`, { fix: loginFix(text) });
    case 'api-disabled': {
      const api = apiIn(text);
      return make(
        'EnvironmentNotReady',
        `the API ${api ?? 'for this'} is not enabled${inProject(project)}: ${message}`,
        {
          fix: `enable it, and wait a minute: gcloud services enable ${api ?? 'NAME'}${projectFlag(project)}`,
          data: { api: api ?? null },
        },
      );
    }
    case 'billing':
      return make('EnvironmentNotReady', `Google Cloud wants billing${inProject(project)}: ${message}`, {
        fix: `link a billing account: gcloud billing projects link ${project ?? 'PROJECT'} --billing-account=ID`,
      });
    case 'denied': {
      const { permission, resource } = permissionIn(text);
      const on = resource === undefined ? inProject(project) : ` on ${resource}`;
      return make('EnvironmentNotReady', `Google Cloud denied ${permission ?? what}${on}: ${message}`, {
        fix: `give whoever deploys (gcloud auth list) ${permission ?? 'what is named above'}${on}, then run it again`,
        data: { permission: permission ?? null, resource: resource ?? null },
      });
    }
    case 'quota': {
      // A rate is over in a minute; a quota of things that are there is not.
      const isRate = /rate ?limit|per (?:minute|second|user)|PerMinute|HTTPError 429|code=429|too many requests/i.test(
        text,
      );
      return make('ToolFailed', `a quota of Google Cloud is used up at ${what}: ${message}`, {
        fix: isRate
          ? 'run it again in a minute'
          : `ask for more: https://console.cloud.google.com/iam-admin/quotas${project === undefined ? '' : `?project=${project}`}`,
        retryable: isRate,
      });
    }
    case 'transient':
      return make('ToolFailed', `Google Cloud could not be asked for ${what}: ${message}`, {
        fix: 'run it again; check the network and the proxy, and see status.cloud.google.com',
        retryable: true,
      });
    case 'not-found':
    case 'exists':
    case 'precondition':
    case 'other':
      return make('ToolFailed', `${what} failed: ${message}`, {
        fix: 'correct what Google Cloud says, and run it again',
      });
  }
}

/** The line of gcloud that says what is wrong, without the name of the command. */
function messageIn(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const error =
    lines.find((line) => line.startsWith('ERROR:')) ?? lines.find((line) => line !== '') ?? 'it gave no reason';
  return error.replace(/^ERROR:\s*(?:\([\w.-]+\)\s*)?/, '').slice(0, 400);
}

function loginFix(text: string): string {
  if (/default credentials/i.test(text)) return 'log in: gcloud auth application-default login';
  return 'log in: gcloud auth login; in CI, activate a service account or workload identity federation before';
}

function apiIn(text: string): string | undefined {
  return /\b([a-z][a-z0-9-]*\.googleapis\.com)\b/.exec(text)?.[1];
}

/** Google words it differently from API to API. */
function permissionIn(text: string): {
  readonly permission: string | undefined;
  readonly resource: string | undefined;
} {
  const forms = [
    /permission '?([\w.]+)'? denied (?:on|for)(?: resource)? '?((?!resource\b)[^'\s(]+)/i,
    /required '?([\w.]+)'? permission for '?([^'\s]+)'?/i,
    /does not have ([a-z]+(?:\.[A-Za-z]+)+) access to (?:the Google Cloud )?(?:Storage )?(.+?)\.?(?: Permission|$)/im,
    /permission '?([a-z]+(?:\.[A-Za-z]+)+)'?/i,
  ];
  for (const form of forms) {
    const found = form.exec(text);
    if (found !== null) return { permission: found[1], resource: found[2]?.replace(/^\/\/[\w.]+\//, '') };
  }
  return { permission: undefined, resource: undefined };
}

function inProject(project: string | undefined): string {
  return project === undefined ? '' : ` in project ${project}`;
}

function projectFlag(project: string | undefined): string {
  return project === undefined ? '' : ` --project=${project}`;
}
