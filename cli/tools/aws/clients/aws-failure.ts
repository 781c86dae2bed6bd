import { AgentctlError, isAgentctlError, messageOf } from '../../../errors.js';

/** The call that failed. */
export interface FailedCall {
  /** As IAM names it: `ecs`. */
  readonly service: string;
  /** `RunTask`. */
  readonly operation: string;
  /** @default - the default chain of credentials */
  readonly profile?: string | undefined;
  /** Whether keys came from the environment. @default false */
  readonly hasKeys?: boolean;
}

const credentialErrors = new Set([
  'CredentialsProviderError',
  'TokenProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
  'AuthFailure',
  'MissingAuthenticationToken',
  'RequestExpired',
]);
const deniedErrors = new Set(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'AuthorizationError']);
const throttlingErrors = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'PriorRequestNotComplete',
  'BandwidthLimitExceeded',
  'ProvisionedThroughputExceededException',
]);
const networkErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'TimeoutError',
  'NetworkingError',
  'RequestTimeout',
  'RequestTimeoutException',
]);

/** Actions of IAM that are not named like the operation (service authorization reference, Amazon S3). */
const actions: Readonly<Record<string, string>> = {
  's3:ListObjectsV2': 's3:ListBucket',
  's3:HeadBucket': 's3:ListBucket',
  's3:HeadObject': 's3:GetObject',
};

/** The name AWS gives an error, also when it was made one of ours: `ResourceNotFoundException`. */
export function awsErrorName(error: unknown): string | undefined {
  const cause = isAgentctlError(error) ? error.cause : error;
  return cause instanceof Error ? cause.name : undefined;
}

/** Pure: whatever a call to AWS threw, as an error of ours; what has come from an abort stays what it is. */
export function awsFailure(error: unknown, call: FailedCall): unknown {
  if (isAgentctlError(error) || (error instanceof Error && error.name === 'AbortError')) return error;
  const name = error instanceof Error ? error.name : '';
  const code = stringField(error, 'code') ?? '';
  const message = messageOf(error).trim() || name;
  const what = `${call.service} ${call.operation}`;
  if (credentialErrors.has(name)) return notLoggedIn(message, call, error);
  if (/region is missing/i.test(message)) return noRegion(error);
  if (deniedErrors.has(name) || statusOf(error) === 403) return denied(message, call, error);
  if (throttlingErrors.has(name)) {
    return failed(`AWS is throttling ${what}: ${message}`, 'run it again in a minute', error, true);
  }
  if (networkErrors.has(name) || networkErrors.has(code)) {
    const fix = 'check the network, the proxy, the region and AWS_ENDPOINT_URL';
    return failed(`AWS cannot be reached for ${what}: ${message || code}`, fix, error, true);
  }
  if ((statusOf(error) ?? 0) >= 500) {
    return failed(`AWS failed at ${what}: ${message}`, 'run it again; see health.aws.amazon.com', error, true);
  }
  // The answer to a HEAD request has no text that could say more.
  if (message === 'UnknownError') {
    const fix =
      'check the region (clouds.aws.region, AWS_REGION), the login (aws sts get-caller-identity) and AWS_ENDPOINT_URL';
    return failed(`AWS refused ${what} with status ${statusOf(error) ?? 'unknown'} and no reason`, fix, error, false);
  }
  return failed(`${what} failed: ${message}`, 'correct what AWS says, and run it again', error, false);
}

/** Pure: no credentials, or none that are valid. */
function notLoggedIn(message: string, { profile, hasKeys = false }: FailedCall, cause: unknown): AgentctlError {
  const flag = profile === undefined ? '' : ` --profile ${profile}`;
  const login = /\bsso\b/i.test(message) ? `aws sso login${flag}` : `aws login${flag}`;
  return new AgentctlError('EnvironmentNotReady', `no valid AWS credentials: ${message}`, {
    fix:
      hasKeys && profile === undefined
        ? 'get new keys into AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN; or unset them and log in: aws login'
        : `log in: ${login}${profile === undefined ? '; or name a profile in AWS_PROFILE' : ''}`,
    cause,
  });
}

/** Pure: no region is set anywhere. */
export function noRegion(cause: unknown): AgentctlError {
  return new AgentctlError('EnvironmentNotReady', 'no AWS region is set', {
    fix: 'set clouds.aws.region in agentctl.yaml, or AWS_REGION',
    cause,
  });
}

function denied(message: string, { service, operation }: FailedCall, cause: unknown): AgentctlError {
  const action = actions[`${service}:${operation}`] ?? `${service}:${operation}`;
  return new AgentctlError('EnvironmentNotReady', `AWS denied ${action}: ${message}`, {
    fix: `allow ${action} for the role or user that deploys (aws sts get-caller-identity says which)`,
    data: { action },
    cause,
  });
}

function failed(message: string, fix: string, cause: unknown, retryable: boolean): AgentctlError {
  return new AgentctlError('ToolFailed', message, { fix, cause, retryable });
}

function statusOf(error: unknown): number | undefined {
  const metadata = field(error, '$metadata');
  const status = field(metadata, 'httpStatusCode');
  return typeof status === 'number' ? status : undefined;
}

function stringField(value: unknown, name: string): string | undefined {
  const found = field(value, name);
  return typeof found === 'string' ? found : undefined;
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}
