import * as iam from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { expect, test } from 'vitest';
import { namedSecret, secretField } from '../../../../constructs/aws/index.js';
import { surroundings, synthesizedStack } from '../../../support/synthesized-stack.js';

const name = 'agentctl/support/production/secrets/OPENAI_API_KEY';

test('whoever may read a secret may decrypt it, and nothing else; cdk-nag finds nothing', () => {
  const stack = synthesizedStack((stack) => {
    const { encryptionKey } = surroundings(stack);
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
    namedSecret(stack, 'Secret', { name, encryptionKey }).grantRead(role);
  });
  const policy = JSON.stringify(stack.only('AWS::IAM::Policy'));
  expect(policy).toContain(`:secret:${name}-??????`);
  expect(policy).toContain('"Action":"kms:Decrypt"');
  expect(stack.findings).toEqual([]);
  expect(Object.values(stack.resources).map(({ Type }) => Type)).toEqual(['AWS::IAM::Role', 'AWS::IAM::Policy']);
});

test('a field of a secret is read when a resource is made; its text holds names only', () => {
  const stack = new Stack(undefined, 'Test');
  expect(stack.resolve(secretField(stack, name, 'password').unsafeUnwrap())).toBe(
    `{{resolve:secretsmanager:${name}:SecretString:password::}}`,
  );
});

test.each(['', 'a b', 'naïve', 'x'.repeat(513)])('"%s" is refused, by the path of the construct', (wrong) => {
  const stack = new Stack(undefined, 'Test');
  expect(() => namedSecret(stack, 'Secret', { name: wrong })).toThrow('Test: "');
  expect(() => secretField(stack, wrong, 'password')).toThrow('is not the name of a secret');
});
