import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import { App, Stack, Validations } from 'aws-cdk-lib/core';
import {
  AwsSolutionsChecks,
  HIPAASecurityChecks,
  type NagPack,
  NIST80053R4Checks,
  NIST80053R5Checks,
  PCIDSS321Checks,
} from 'cdk-nag';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Resource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly DependsOn?: readonly string[];
}

/** What came of a stack. */
export interface SynthesizedStack {
  readonly resources: Readonly<Record<string, Resource>>;
  readonly text: string;
  /** Parameters, conditions and outputs of the template. */
  readonly template: Readonly<Record<'Parameters' | 'Conditions' | 'Outputs', Readonly<Record<string, unknown>>>>;
  /** Properties of every resource of a type, in the order of their logical ids. */
  all(type: string): readonly Record<string, unknown>[];
  /** Properties of the one resource of a type. */
  only(type: string): Record<string, unknown>;
  /** `Rule path` of what AwsSolutions of cdk-nag finds and nobody acknowledged. */
  readonly findings: readonly string[];
  /** Ids of AwsSolutions that were acknowledged with a reason, each once. */
  readonly acknowledged: readonly string[];
  /** Warnings of CDK that nobody acknowledged. */
  readonly warnings: readonly string[];
  /** Rules of the packs for HIPAA, NIST 800-53 (4, 5) and PCI that are broken, without the pack in front. */
  readonly stricter: ReadonlySet<string>;
}

const require = createRequire(import.meta.url);
const flags = JSON.parse(readFileSync(require.resolve('aws-cdk-lib/recommended-feature-flags.json'), 'utf8')) as Record<
  string,
  unknown
>;

/** Synthesizes one stack with CDK's recommended flags and checks it. */
export function synthesizedStack(build: (stack: Stack) => void): SynthesizedStack {
  const outdir = mkdtempSync(join(tmpdir(), 'agentctl-stack-'));
  try {
    const app = new App({ outdir, context: flags, analyticsReporting: false });
    const stack = new Stack(app, 'Test');
    build(stack);
    const template = Template.fromStack(stack).toJSON() as Partial<SynthesizedStack['template']> & {
      readonly Resources?: Record<string, Resource>;
    };
    const { Parameters = {}, Conditions = {}, Outputs = {} } = template;
    const resources = template.Resources ?? {};
    const all = (type: string) =>
      Object.keys(resources)
        .toSorted()
        .map((id) => resources[id])
        .flatMap((resource) => (resource?.Type === type ? [resource.Properties ?? {}] : []));
    return {
      resources,
      text: JSON.stringify(template),
      template: { Parameters, Conditions, Outputs },
      all,
      only: (type) => {
        const [first, ...others] = all(type);
        if (first === undefined || others.length > 0) throw new Error(`${all(type).length} resources of ${type}`);
        return first;
      },
      findings: findingsOf(new AwsSolutionsChecks(), stack),
      acknowledged: acknowledgedIn(stack),
      warnings: Annotations.fromStack(stack)
        .findWarning('*', Match.anyValue())
        .map(({ entry }) => String(entry.data)),
      get stricter() {
        const packs = [
          new HIPAASecurityChecks(),
          new NIST80053R4Checks(),
          new NIST80053R5Checks(),
          new PCIDSS321Checks(),
        ];
        const rules = packs.flatMap((pack) => findingsOf(pack, stack)).map((finding) => finding.split(' ')[0] ?? '');
        return new Set(rules.map((rule) => rule.replace(/^[^-]+(\.Security)?-/, '')));
      },
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** `Rule path` of what a pack of cdk-nag finds and nobody acknowledged. */
export function findingsOf(pack: NagPack, stack: Stack): readonly string[] {
  return pack
    .validateScope(stack)
    .violations.flatMap(({ ruleName, description, violatingResources }) =>
      violatingResources.map(
        ({ constructPath }) =>
          `${ruleName} ${constructPath}${description.startsWith('Rule threw') ? ' (the rule threw an error)' : ''}`,
      ),
    )
    .toSorted();
}

/** Ids of AwsSolutions that were acknowledged with a reason, each once. */
export function acknowledgedIn(stack: Stack): readonly string[] {
  const ids = stack.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data as Record<string, string>))
    .filter(([id]) => id.includes('AwsSolutions-'))
    .map(([id, reason]) => {
      if (reason.length < 20) throw new Error(`${id} has no reason: ${reason}`);
      return id.replace(/^annotation::/i, '');
    });
  return [...new Set(ids)].toSorted();
}

/** The key that {@link surroundings} gives. */
export const keyArn = 'arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-4e5f-6789-0abc-def012345678';

/** What a data service is put into: a VPC given by ids and a key given by its ARN, neither of them in the template. */
export function surroundings(stack: Stack) {
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0a1b2c3d4e5f67890',
    availabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
    isolatedSubnetIds: ['subnet-data1', 'subnet-data2', 'subnet-data3'],
    isolatedSubnetRouteTableIds: ['rtb-1', 'rtb-2', 'rtb-3'],
  });
  return {
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    encryptionKey: kms.Key.fromKeyArn(stack, 'Key', keyArn),
  } as const;
}

/** Every value under a property that holds a secret is a dynamic reference: names where it is not. */
export function literalSecrets({ resources }: Pick<SynthesizedStack, 'resources'>): readonly string[] {
  const found: string[] = [];
  const visit = (value: unknown, path: string): void => {
    if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) visit(inner, `${path}.${key}`);
    else if (/(Password|AuthToken|SecretString)$/.test(path) && !String(value).startsWith('{{resolve:secretsmanager:'))
      found.push(path);
  };
  visit(resources, '');
  return found;
}

/** Types of resources that run code of ours or CDK's behind the scenes. */
export function helpers({ resources }: Pick<SynthesizedStack, 'resources'>): readonly string[] {
  return Object.values(resources)
    .map(({ Type }) => Type)
    .filter(
      (type) => type.startsWith('AWS::Lambda::') || type.startsWith('Custom::') || type.includes('CustomResource'),
    );
}
