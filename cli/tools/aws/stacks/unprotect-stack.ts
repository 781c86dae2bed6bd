import type { AwsClients } from '../clients/aws-clients.js';
import { readTemplate } from './read-stack.js';
import { settleStack } from './settle-stack.js';
import { stackFailed } from './stack-failure.js';
import { stackCondition } from './stack-status.js';
import type { StackRun, StackState } from './stack-tools.js';
import { unprotectedTemplate } from './unprotected-template.js';

/** CloudFormation API reference, UpdateStack, TemplateBody. */
const longestBody = 51_200;

/** Has a stack let go of what it keeps when it is deleted, so that a deletion deletes it. */
export async function unprotectStack(
  clients: AwsClients,
  stack: StackState,
  run: StackRun,
  pollSeconds: number,
): Promise<void> {
  const { name, id, tags } = stack;
  const { signal: abortSignal } = run;
  const template = unprotectedTemplate(await readTemplate(clients, name, abortSignal));
  if (template === undefined) return;
  const cloudFormation = await clients.cloudFormation();
  run.log(`stack ${name} lets go of what it protects`);
  await cloudFormation.updateStack(
    {
      StackName: id,
      ...(await templateInput(clients, stack, JSON.stringify(template), abortSignal)),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    },
    { abortSignal },
  );
  const { state, failures } = await settleStack(clients, id, run, pollSeconds);
  if (state === undefined || stackCondition(state.status) !== 'done') throw stackFailed(name, state, failures, []);
}

/** A template that is too long for a request goes through the state bucket, as those that the toolkit deploys. */
async function templateInput(
  clients: AwsClients,
  { name, id }: StackState,
  template: string,
  abortSignal: AbortSignal,
): Promise<{ readonly TemplateBody: string } | { readonly TemplateURL: string }> {
  if (Buffer.byteLength(template) <= longestBody) return { TemplateBody: template };
  const [, partition, , region = '', account = ''] = id.split(':');
  const [Bucket, Key] = [`agentctl-state-${account}-${region}`, `templates/${name}-unprotected.json`];
  const s3 = await clients.s3();
  await s3.putObject({ Bucket, Key, Body: template, ContentType: 'application/json' }, { abortSignal });
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return { TemplateURL: `https://s3.${region}.${suffix}/${Bucket}/${Key}` };
}
