import { expect, test } from 'vitest';
import { awsForFile, awsOnTheFake } from './aws-on-the-fake.js';

const { fake, aws, signal } = await awsForFile();
const lines: string[] = [];
const run = { signal, log: (line: string) => void lines.push(line) };

const template = (version: number, resources: object = {}): string =>
  JSON.stringify({
    Parameters: { Repository: { Type: 'String', Default: '' } },
    Resources: { State: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'state' } }, ...resources },
    Outputs: { Version: { Value: String(version) }, Repository: { Value: { 'Fn::Sub': '${Repository}.' } } },
  });

test('the first time it is made, then left alone, then brought up to date', async () => {
  expect(await aws.bootstrap.version(signal)).toBeUndefined();
  // The answer is lost, and the stack is being made.
  fake.fail({ service: 'cloudformation', operation: 'CreateStack', kind: 'reply-lost' });
  const first = await aws.bootstrap.deploy({ template: template(1), parameters: {}, ...run });
  expect(first).toMatchObject({ changed: true, state: { status: 'CREATE_COMPLETE', isProtected: true } });
  expect(await aws.bootstrap.version(signal)).toBe(1);
  expect(lines).toContain('AWS::S3::Bucket State: CREATE_COMPLETE');

  expect(await aws.bootstrap.deploy({ template: template(1), parameters: {}, ...run })).toMatchObject({
    changed: false,
    state: { status: 'CREATE_COMPLETE' },
  });
  const parameters = { Repository: 'acme/agent' };
  fake.fail({ service: 'cloudformation', operation: 'UpdateStack', kind: 'reply-lost' });
  expect(await aws.bootstrap.deploy({ template: template(2), parameters, ...run })).toMatchObject({
    changed: true,
    state: { status: 'UPDATE_COMPLETE', outputs: { Version: '2', Repository: 'acme/agent.' } },
  });
  expect(await aws.bootstrap.version(signal)).toBe(2);
  // Somebody prepares the account once more, and says nothing of the repository.
  expect(await aws.bootstrap.deploy({ template: template(3), parameters: {}, ...run })).toMatchObject({
    state: { outputs: { Version: '3', Repository: 'acme/agent.' } },
  });
});

test('one that failed says what, and the next one begins anew', async () => {
  const world = await awsOnTheFake();
  const own = { signal, log: (line: string) => void lines.push(line) };
  world.fake.failResource({ resource: 'State', action: 'create', reason: 'state already exists' });
  await expect(world.aws.bootstrap.deploy({ template: template(1), parameters: {}, ...own })).rejects.toMatchObject({
    code: 'StepFailed',
    message: 'stack agentctl-bootstrap could not be created: State (AWS::S3::Bucket): state already exists',
  });
  expect(await world.aws.bootstrap.deploy({ template: template(1), parameters: {}, ...own })).toMatchObject({
    changed: true,
    state: { status: 'CREATE_COMPLETE' },
  });
});
