import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  type CreateChangeSetCommandInput,
  type DescribeChangeSetCommandOutput,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { fakeForTest, type ClientOptions } from './fake-for-test.js';
import type { FakeAws } from './fake-aws.js';

/** A template as a test writes it. */
export interface TemplateDocument {
  readonly Parameters?: object;
  readonly Mappings?: object;
  readonly Conditions?: object;
  readonly Resources: Readonly<Record<string, object>>;
  readonly Outputs?: object;
}

/** A fake with the few calls that a test of stacks makes again and again. */
export interface StackClient {
  readonly fake: FakeAws & { readonly client: ClientOptions };
  readonly client: CloudFormationClient;
  /** Makes a change set and describes it with values. */
  readonly propose: (
    name: string,
    template: TemplateDocument,
    options?: Partial<CreateChangeSetCommandInput>,
  ) => Promise<DescribeChangeSetCommandOutput>;
  /** Proposes, executes and waits. */
  readonly deploy: (
    name: string,
    template: TemplateDocument,
    options?: Partial<CreateChangeSetCommandInput>,
  ) => Promise<Stack>;
  /** Executes and does not wait. */
  readonly begin: StackClient['deploy'];
  readonly describe: (name: string) => Promise<Stack>;
}

export async function stackClient(): Promise<StackClient> {
  const fake = await fakeForTest();
  const client = new CloudFormationClient(fake.client);
  const describe = async (name: string): Promise<Stack> => {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks[0] as Stack;
  };
  const exists = (name: string): Promise<boolean> =>
    describe(name).then(
      ({ StackStatus }) => StackStatus !== 'REVIEW_IN_PROGRESS',
      () => false,
    );
  const propose: StackClient['propose'] = async (name, template, options = {}) => {
    const { Id: ChangeSetName = '' } = await client.send(
      new CreateChangeSetCommand({
        StackName: name,
        ChangeSetName: `set-${fake.world.newId()}`,
        ChangeSetType: (await exists(name)) ? 'UPDATE' : 'CREATE',
        TemplateBody: JSON.stringify(template),
        Capabilities: ['CAPABILITY_NAMED_IAM'],
        ...options,
      }),
    );
    return client.send(new DescribeChangeSetCommand({ ChangeSetName, IncludePropertyValues: true }));
  };
  const begin: StackClient['begin'] = async (name, template, options) => {
    const { ChangeSetId, Status, StatusReason } = await propose(name, template, options);
    if (Status !== 'CREATE_COMPLETE') throw new Error(StatusReason);
    await client.send(new ExecuteChangeSetCommand({ ChangeSetName: ChangeSetId }));
    return describe(name);
  };
  return {
    fake,
    client,
    propose,
    begin,
    describe,
    async deploy(name, template, options) {
      const { StackId = '' } = await begin(name, template, options);
      await fake.idle();
      return describe(StackId);
    },
  };
}
