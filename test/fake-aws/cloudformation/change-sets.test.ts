import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { stackClient } from '../../support/fake-aws/stack-client.js';
import { ssmState } from '../../support/fake-aws/services/ssm/ssm-state.js';

const parameter = (properties: object) => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Type: 'String', Value: 'v', ...properties },
});

test('a change set says what changes, how, and whether something is replaced', async () => {
  const stacks = await stackClient();
  const user = (Value: unknown) => parameter({ Value });
  await stacks.deploy('app', {
    Resources: {
      Gone: parameter({}),
      Named: parameter({ Name: '/one' }),
      User: user({ Ref: 'Named' }),
      Same: parameter({}),
    },
  });
  const { Changes = [] } = await stacks.propose('app', {
    Resources: {
      Named: { ...parameter({ Name: '/two', Value: 'w' }), UpdateReplacePolicy: 'Retain' },
      User: user({ Ref: 'Named' }),
      Same: parameter({}),
      New: parameter({}),
    },
  });
  const view = Changes.map(({ ResourceChange: change }) => [
    change?.LogicalResourceId,
    change?.Action,
    change?.Replacement,
    change?.PolicyAction,
    change?.Details?.map(
      ({ Target, Evaluation }) =>
        `${Target?.Name} ${Target?.RequiresRecreation} ${Evaluation} ${Target?.BeforeValue}→${Target?.AfterValue}`,
    ),
  ]);
  expect(view).toEqual([
    [
      'Named',
      'Modify',
      'True',
      'ReplaceAndRetain',
      ['Value Never Static v→w', 'Name Always Static /one→/two', 'undefined Never Static undefined→undefined'],
    ],
    ['User', 'Modify', 'False', undefined, ['Value Never Dynamic /one→{{changeSet:KNOWN_AFTER_APPLY}}']],
    ['New', 'Add', undefined, undefined, []],
    ['Gone', 'Remove', undefined, 'Delete', []],
  ]);
});

test('intrinsics, conditions, mappings, parameters and dynamic references have the values that they have', async () => {
  const stacks = await stackClient();
  await new SSMClient(stacks.fake.client).send(
    new PutParameterCommand({ Name: '/given', Value: 'from-ssm', Type: 'String' }),
  );
  await new SecretsManagerClient(stacks.fake.client).send(
    new CreateSecretCommand({ Name: 'agentctl/a/generated/postgres', SecretString: '{"password":"canary"}' }),
  );
  const { Outputs = [] } = await stacks.deploy('app', {
    Parameters: {
      Given: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/given' },
      Zones: { Type: 'CommaDelimitedList', Default: 'x,y' },
      Size: { Type: 'String', Default: 'small' },
    },
    Mappings: { Sizes: { small: { cpu: '256' } } },
    Conditions: {
      IsSmall: { 'Fn::Equals': [{ Ref: 'Size' }, 'small'] },
      IsBig: { 'Fn::Not': [{ Condition: 'IsSmall' }] },
    },
    Resources: {
      Secret: parameter({
        Name: '/secret',
        Value: '{{resolve:secretsmanager:agentctl/a/generated/postgres:SecretString:password}}',
      }),
      Big: { ...parameter({}), Condition: 'IsBig' },
    },
    Outputs: Object.fromEntries(
      Object.entries({
        Ssm: { Ref: 'Given' },
        Zone: { 'Fn::Select': [1, { Ref: 'Zones' }] },
        Cpu: { 'Fn::FindInMap': ['Sizes', { Ref: 'Size' }, 'cpu'] },
        Chosen: { 'Fn::If': ['IsBig', 'b', 's'] },
        Joined: { 'Fn::Join': ['-', [{ Ref: 'AWS::Region' }, { 'Fn::GetAtt': ['Secret', 'Type'] }]] },
        Sub: { 'Fn::Sub': ['${AWS::StackName}/${!Literal}/${Own}/${Secret}', { Own: 'o' }] },
        Split: { 'Fn::Select': ['0', { 'Fn::Split': ['|', 'l|r'] }] },
        Cidr: { 'Fn::Select': [2, { 'Fn::Cidr': ['10.0.0.0/16', 3, 8] }] },
        Base: { 'Fn::Base64': 'a' },
        Zone3: { 'Fn::Select': [2, { 'Fn::GetAZs': '' }] },
      }).map(([name, Value]) => [name, { Value }]),
    ),
  });
  expect(Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]))).toEqual({
    Ssm: 'from-ssm',
    Zone: 'y',
    Cpu: '256',
    Chosen: 's',
    Joined: 'eu-central-1-String',
    Sub: 'app/${Literal}/o//secret',
    Split: 'l',
    Cidr: '10.0.2.0/24',
    Base: 'YQ==',
    Zone3: 'eu-central-1c',
  });
  expect(stacks.fake.world.state(ssmState).get('/secret')?.value).toBe('canary');
  const { Stacks } = { Stacks: JSON.stringify(await stacks.describe('app')) };
  expect(Stacks).not.toContain('canary');
});

test('a template in S3 is found; one that is too long inline is refused', async () => {
  const stacks = await stackClient();
  const long = { Resources: { First: parameter({ Value: 'x'.repeat(60_000) }) } };
  await expect(stacks.propose('app', long)).rejects.toThrow('less than or equal to 51200');
  await expect(
    stacks.propose('app', long, { TemplateBody: undefined, TemplateURL: `${stacks.fake.url}/none/t.json` }),
  ).rejects.toThrow('S3 error: The specified bucket does not exist');
});
