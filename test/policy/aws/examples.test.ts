import {
  AwsSolutionsChecks,
  HIPAASecurityChecks,
  NIST80053R4Checks,
  NIST80053R5Checks,
  PCIDSS321Checks,
} from 'cdk-nag';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { policyFindings } from '../../../stacks/aws/policy/index.js';
import { resourcesOf } from '../../../stacks/aws/policy/template.js';
import { conditions } from '../../support/aws/conditions.js';
import { type SynthesizedExample, synthesizedExample } from '../../support/aws/synthesized-example.js';

/**
 * What each example breaks of AwsSolutions, knowingly: the reasons are beside the resources, in constructs/ and stacks/.
 * `mistaken`: the rule does not see that it is kept, as with a replica, which is encrypted as its source is and may not say so.
 */
const examples: readonly { name: string; acknowledged: readonly string[]; mistaken: readonly string[] }[] = [
  // A public load balancer; the login at the registry, which has no resource to name; one server, as the file asks.
  { name: 'quickstart', acknowledged: ['EC23', 'IAM5', 'RDS3'], mistaken: [] },
  { name: 'fastapi-agent', acknowledged: ['EC23', 'IAM5'], mistaken: [] },
  // A domain in a VPC takes no list of addresses.
  { name: 'state-management-demo', acknowledged: ['EC23', 'IAM5', 'OS3'], mistaken: [] },
];

const canary = 'canary-Zq8Xw2Lk5Vn7Rt3Y';
const synthesized = new Map<string, SynthesizedExample>();

beforeAll(() => {
  process.env['OPENAI_API_KEY'] = canary;
  for (const { name } of examples) synthesized.set(name, synthesizedExample(`examples/${name}/agentctl.yaml`));
});

afterAll(() => {
  delete process.env['OPENAI_API_KEY'];
});

function exampleOf(name: string): SynthesizedExample {
  const example = synthesized.get(name);
  if (example === undefined) throw new Error(`${name} was not synthesized`);
  return example;
}

describe.each(examples)('$name at stage production', ({ name, acknowledged, mistaken }) => {
  test('AwsSolutions finds nothing that is not acknowledged with a reason', () => {
    const example = exampleOf(name);
    const found = example.acknowledged(new AwsSolutionsChecks());

    expect(acknowledged.length + mistaken.length).toBeLessThanOrEqual(3);
    expect(example.findings(new AwsSolutionsChecks())).toEqual([]);
    expect(new Set(found.keys())).toEqual(new Set([...acknowledged, ...mistaken].map((id) => `AwsSolutions-${id}`)));
    for (const reason of found.values()) expect(reason.length).toBeGreaterThan(30);
  });

  test('no template breaks a rule of ours: no Lambda, no literal variable, no plain secret, images by digest', () => {
    expect(exampleOf(name).templates.flatMap(({ template }) => policyFindings(template))).toEqual([]);
  });

  test('no value of a secret that lies in the environment gets into a template', () => {
    expect(exampleOf(name).templates.filter(({ text }) => text.includes(canary))).toEqual([]);
  });
});

test('what the stricter packs find: constructs per rule, in all examples', () => {
  const packs = {
    hipaa: () => new HIPAASecurityChecks(),
    nist4: () => new NIST80053R4Checks(),
    nist5: () => new NIST80053R5Checks(),
    pci: () => new PCIDSS321Checks(),
  };
  const counts = examples.map(({ name }) => [
    name,
    Object.fromEntries(Object.entries(packs).map(([id, pack]) => [id, exampleOf(name).findings(pack()).length])),
  ]);

  // Nothing here may crash a rule: what crashes was not looked at.
  const all = examples.flatMap(({ name }) => Object.values(packs).flatMap((pack) => exampleOf(name).findings(pack())));
  expect(all.filter((finding) => finding.endsWith('(the rule threw an error)'))).toEqual([]);
  expect(Object.fromEntries(counts)).toMatchInlineSnapshot(`
    {
      "fastapi-agent": {
        "hipaa": 16,
        "nist4": 12,
        "nist5": 16,
        "pci": 12,
      },
      "quickstart": {
        "hipaa": 16,
        "nist4": 12,
        "nist5": 16,
        "pci": 11,
      },
      "state-management-demo": {
        "hipaa": 22,
        "nist4": 19,
        "nist5": 22,
        "pci": 18,
      },
    }
  `);
  const rules = new Set(all.map((finding) => (finding.split(' ')[0] ?? '').replace(/^[^-]+-/, '')));
  expect([...rules].toSorted()).toMatchInlineSnapshot(`
    [
      "ALBHttpToHttpsRedirection",
      "CloudWatchAlarmAction",
      "ELBv2ACMCertificateRequired",
      "IAMNoInlinePolicy",
      "RDSMultiAZSupport",
      "S3BucketDefaultLockEnabled",
      "S3BucketReplicationEnabled",
      "S3DefaultEncryptionKMS",
      "VPCDefaultSecurityGroupClosed",
      "VPCNoUnrestrictedRouteToIGW",
    ]
  `);
});

test.each(conditions)('$type: $what ($ids)', ({ type, holds }) => {
  const found = [...synthesized].flatMap(([name, { templates }]) =>
    templates.flatMap(({ stack, template }) =>
      resourcesOf(template, type).map(([logicalId, { Properties = {} }]) => {
        return { where: `${name}, ${stack}: ${logicalId}`, holds: holds(Properties) };
      }),
    ),
  );

  expect(found).not.toEqual([]);
  expect(found.filter((it) => !it.holds).map(({ where }) => where)).toEqual([]);
});
