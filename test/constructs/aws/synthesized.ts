import { AwsSolutionsChecks } from 'cdk-nag';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { App, Resource, Stack, Validations } from 'aws-cdk-lib/core';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const flags = createRequire(import.meta.url)('aws-cdk-lib/recommended-feature-flags.json') as Record<string, unknown>;

/** A resource of a synthesized template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: readonly string[];
}

/** What came of a stack. */
export interface Synthesized {
  readonly resources: Readonly<Record<string, TemplateResource>>;
  readonly outputs: Readonly<Record<string, { readonly Value: unknown }>>;
  /** Rules of cdk-nag's AwsSolutions that are broken and not acknowledged. */
  readonly findings: readonly string[];
  /** Properties of every resource of a type. */
  all(type: string): readonly Record<string, unknown>[];
  /** Properties of the only resource of a type. */
  only(type: string): Record<string, unknown>;
}

/** Synthesizes one stack with CDK's recommended flags, and checks it with cdk-nag. */
export function synthesized(build: (stack: Stack) => void): Synthesized {
  const outdir = mkdtempSync(join(tmpdir(), 'agentctl-construct-'));
  try {
    // CloudFormation Validate takes seconds; the gates run it over whole stacks.
    const context = { ...flags, '@aws-cdk/core:validateAgainstDefaultRules': false };
    const app = new App({ outdir, context, analyticsReporting: false });
    const stack = new Stack(app, 'Test');
    build(stack);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    synthesize(app);
    const template = JSON.parse(readFileSync(join(outdir, 'Test.template.json'), 'utf8')) as {
      Resources?: Record<string, TemplateResource>;
      Outputs?: Record<string, { Value: unknown }>;
    };
    const resources = template.Resources ?? {};
    const all = (type: string) =>
      Object.values(resources)
        .filter((resource) => resource.Type === type)
        .map((resource) => resource.Properties ?? {});
    const only = (type: string) => {
      const [first, ...others] = all(type);
      if (first === undefined || others.length > 0) throw new Error(`${others.length + (first ? 1 : 0)} of ${type}`);
      return first;
    };
    return { resources, outputs: template.Outputs ?? {}, findings: findingsIn(outdir), all, only };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Findings make `synth` throw, after it wrote the template and the report. */
function synthesize(app: App): void {
  try {
    app.synth();
  } catch (error) {
    if (!(error instanceof Error) || !/validation/i.test(`${error.name} ${error.message}`)) throw error;
  }
}

interface Report {
  readonly pluginReports: readonly { readonly violations: readonly { readonly ruleName: string }[] }[];
}

function findingsIn(outdir: string): readonly string[] {
  const file = join(outdir, 'validation-report.json');
  if (!existsSync(file)) return [];
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  return report.pluginReports.flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName)).toSorted();
}

/** A VPC with public and private subnets in two zones, given by ids: nothing of it is in the template. */
export function testVpc(stack: Stack): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1234567890abcdef0',
    availabilityZones: ['us-east-1a', 'us-east-1b'],
    publicSubnetIds: ['subnet-0a1b2c3d4e5f60001', 'subnet-0a1b2c3d4e5f60002'],
    privateSubnetIds: ['subnet-0a1b2c3d4e5f60003', 'subnet-0a1b2c3d4e5f60004'],
    publicSubnetRouteTableIds: ['rtb-public1', 'rtb-public2'],
    privateSubnetRouteTableIds: ['rtb-app1', 'rtb-app2'],
  });
}

/** An image by digest, as the service stack has it. */
export function testImage(stack: Stack): ecs.ContainerImage {
  const found = stack.node.tryFindChild('Images');
  const repository =
    found instanceof Resource
      ? (found as ecr.IRepository & Resource)
      : ecr.Repository.fromRepositoryName(stack, 'Images', 'agent');
  return ecs.ContainerImage.fromEcrRepository(repository, `sha256:${'a'.repeat(64)}`);
}
