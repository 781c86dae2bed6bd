import { expect, test } from 'vitest';
import { AgentctlError } from '../../../../cli/errors.js';
import { awsErrorName, awsFailure, type FailedCall } from '../../../../cli/tools/aws/clients/aws-failure.js';

const call: FailedCall = { service: 'ecs', operation: 'RunTask' };

function awsError(name: string, message: string, more: object = {}): Error {
  return Object.assign(new Error(message), { name, ...more });
}

function failureOf(error: unknown, of: FailedCall = call): Partial<AgentctlError> {
  const failure = awsFailure(error, of);
  if (!(failure instanceof AgentctlError)) throw new Error('not one of ours', { cause: failure });
  const { code, message, fix, retryable } = failure;
  return { code, message, fix, retryable };
}

test.each([
  [
    'a profile whose single sign-on has expired',
    awsError('CredentialsProviderError', 'The SSO session associated with this profile has expired.'),
    { ...call, profile: 'prod' },
    'log in: aws sso login --profile prod',
  ],
  [
    'no credentials at all',
    awsError('CredentialsProviderError', 'Could not load credentials from any providers'),
    call,
    'log in: aws login; or name a profile in AWS_PROFILE',
  ],
  [
    'keys of the environment that have expired',
    awsError('ExpiredTokenException', 'The security token included in the request is expired'),
    { ...call, hasKeys: true },
    'get new keys into AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN; or unset them and log in: aws login',
  ],
])('%s: the command to log in', (_, error, of, fix) => {
  expect(failureOf(error, of)).toMatchObject({ code: 'EnvironmentNotReady', fix, retryable: false });
});

test('what is denied is named as IAM names it', () => {
  const error = awsError('AccessDenied', 'not authorized', { $metadata: { httpStatusCode: 403 } });

  expect(failureOf(error, { service: 's3', operation: 'ListObjectsV2' })).toMatchObject({
    code: 'EnvironmentNotReady',
    message: 'AWS denied s3:ListBucket: not authorized',
    fix: expect.stringContaining('allow s3:ListBucket') as string,
  });
});

test.each([
  ['throttling', awsError('ThrottlingException', 'Rate exceeded', { $metadata: { httpStatusCode: 400 } }), true],
  ['a connection that is reset', awsError('Error', 'read ECONNRESET', { code: 'ECONNRESET' }), true],
  ['a host that is not found', awsError('Error', 'getaddrinfo ENOTFOUND', { code: 'ENOTFOUND' }), true],
  ['a call that took too long', awsError('TimeoutError', 'Connection timed out'), true],
  ['a failure of AWS', awsError('InternalFailure', 'sorry', { $metadata: { httpStatusCode: 500 } }), true],
  ['a call that is wrong', awsError('ClientException', 'no such thing', { $metadata: { httpStatusCode: 400 } }), false],
])('%s can be tried again: %o', (_, error, retryable) => {
  expect(failureOf(error)).toMatchObject({ code: 'ToolFailed', retryable });
});

test('an answer without a text is told by its status', () => {
  const error = awsError('Unknown', 'UnknownError', { $metadata: { httpStatusCode: 400 } });

  expect(failureOf(error, { service: 's3', operation: 'HeadBucket' })).toMatchObject({
    code: 'ToolFailed',
    message: 'AWS refused s3 HeadBucket with status 400 and no reason',
    fix: expect.stringContaining('check the region') as string,
  });
});

test('an abort stays one, an error of ours stays as it is, and the name of AWS can be asked for', () => {
  const abort = awsError('AbortError', 'Request aborted');
  const ours = new AgentctlError('Refused', 'no', { fix: 'none' });
  const missing = awsError('ResourceNotFoundException', 'gone', { $metadata: { httpStatusCode: 400 } });

  expect(awsFailure(abort, call)).toBe(abort);
  expect(awsFailure(ours, call)).toBe(ours);
  expect(awsErrorName(awsFailure(missing, call))).toBe('ResourceNotFoundException');
});
