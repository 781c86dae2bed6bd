import { CfnManagedPolicy, CfnRole, ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import * as cxapi from 'aws-cdk-lib/cx-api';
import { App, Aspects, CliCredentialsStackSynthesizer, type StackProps, Tags } from 'aws-cdk-lib/core';
import { featureFlags } from './feature-flags.js';
import { FoundationStack } from './foundation-stack.js';
import { MigrationsStack } from './migrations-stack.js';
import { rolePath, stackName, type StackKind, stateBucketName, stateKeys } from './naming.js';
import { ServiceStack } from './service-stack.js';
import { stageContext } from './stage-context.js';
import type { SynthRequest } from './synth-request.js';

/** The three stacks of a stage as a CDK app; `outdir` of the request is where `synth()` writes it. */
export function agentApp(request: SynthRequest): App {
  const context = stageContext(request);
  const { scope, aws } = context;
  const app = new App({
    outdir: request.outdir,
    context: { ...featureFlags, [cxapi.DISABLE_CREATION_STACK_TRACES]: true },
    analyticsReporting: false,
    stackTraces: false,
    treeMetadata: false,
  });
  const props = (kind: StackKind): StackProps => ({
    stackName: stackName(scope, kind),
    env: { region: aws.region, ...(aws.account === undefined ? {} : { account: aws.account }) },
    synthesizer: new CliCredentialsStackSynthesizer({
      fileAssetsBucketName: stateBucketName(),
      bucketPrefix: stateKeys.templates,
    }),
    description: descriptions[kind](scope.name, scope.stage),
  });
  const id = (kind: StackKind): string => stackName(scope, kind);

  const foundation = new FoundationStack(app, id('foundation'), context, {
    ...props('foundation'),
    terminationProtection: aws.deletionProtection,
  });
  if (context.spec.migrations.length > 0)
    new MigrationsStack(app, id('migrations'), { ...props('migrations'), context, foundation });
  new ServiceStack(app, id('service'), { ...props('service'), context, foundation });

  Tags.of(app).add('agentctl:name', scope.name);
  Tags.of(app).add('agentctl:stage', scope.stage);
  Aspects.of(app).add({
    visit(construct) {
      if (construct instanceof CfnRole || construct instanceof CfnManagedPolicy) construct.path = rolePath(scope.name);
    },
  });
  if (aws.permissionsBoundaryArn !== undefined)
    PermissionsBoundary.of(app).apply(
      ManagedPolicy.fromManagedPolicyArn(foundation, 'PermissionsBoundary', aws.permissionsBoundaryArn),
    );
  forgetPlaces(app);
  return app;
}

/** An acknowledgement notes where in the code it was made, whatever the app says about traces: a path of this machine. */
function forgetPlaces(app: App): void {
  for (const { node } of app.node.findAll()) for (const entry of node.metadata) Reflect.deleteProperty(entry, 'trace');
}

const descriptions: Readonly<Record<StackKind, (name: string, stage: string) => string>> = {
  foundation: (name, stage) => `${name}, ${stage}: network, data, registry, load balancer`,
  migrations: (name, stage) => `${name}, ${stage}: migrations`,
  service: (name, stage) => `${name}, ${stage}: services and schedules`,
};
