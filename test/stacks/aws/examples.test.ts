import { Stack } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { searchProxyPort as proxyPortOfConstruct } from '../../../constructs/aws/service/search-proxy.js';
import { agentApp } from '../../../stacks/aws/agent-app.js';
import { composedSecrets, searchProxyPort } from '../../../stacks/aws/environment.js';
import { generatedPartsOf } from '../../../stacks/aws/generated-secrets.js';
import { policyFindings, type Template } from '../../../stacks/aws/policy/index.js';
import { type AgentSpec, parseSpec } from '../../../stacks/spec/index.js';
import { acknowledgedIn, findingsOf } from '../../support/synthesized-stack.js';

const stage = 'production';
const made = new Map<string, Example>();
const outdir = mkdtempSync(join(tmpdir(), 'agentctl-examples-'));
afterAll(() => {
  rmSync(outdir, { recursive: true });
});

interface Example {
  readonly spec: AgentSpec;
  readonly stacks: readonly Stack[];
  readonly templates: Readonly<Record<string, Template>>;
}

/** Each example once. */
function synthesized(name: string): Example {
  const example = made.get(name) ?? synthesize(name);
  made.set(name, example);
  return example;
}

function synthesize(name: string): Example {
  const file = `examples/${name}/agentctl.yaml`;
  const parsed = parseSpec(parse(readFileSync(file, 'utf8')), { stage, target: 'aws' });
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  const { spec } = parsed;
  // As bin/synth-aws does.
  process.env['CDK_VALIDATION'] = 'false';
  const app = agentApp({ spec, stage, release: 'r1', images: {}, secretsMarker: null, outdir: join(outdir, name) });
  const { stacks } = app.synth();
  const templates = stacks.map(({ stackName, template }) => [stackName, template as Template] as const);
  return {
    spec,
    stacks: app.node.children.filter((child) => child instanceof Stack),
    templates: Object.fromEntries(templates),
  };
}

const allowed = ['AwsSolutions-EC23', 'AwsSolutions-IAM5', 'AwsSolutions-OS3'];

describe.each(['state-management-demo', 'fastapi-agent', 'quickstart'])('%s', (name) => {
  let example: Example;
  beforeAll(() => {
    example = synthesized(name);
  });

  test('AwsSolutions finds nothing but three rules, each with a reason', () => {
    const findings = example.stacks.flatMap((stack) => findingsOf(new AwsSolutionsChecks(), stack));
    const acknowledged = example.stacks.flatMap((stack) => acknowledgedIn(stack));
    const rules = new Set(acknowledged.map((id) => id.replace(/\[.*/, '')));

    expect(findings).toEqual([]);
    expect([...rules].filter((rule) => !allowed.includes(rule))).toEqual([]);
  });

  test('our own rules find nothing', () => {
    for (const template of Object.values(example.templates)) expect(policyFindings(template)).toEqual([]);
  });
});

describe('with signed search', () => {
  let example: Example;
  beforeAll(() => {
    example = synthesized('state-management-demo');
  });
  const of = (kind: string): Template => example.templates[`state-management-demo-production-${kind}`] ?? {};

  test('every task has the role of the stage and the proxy, which only the task itself can reach', () => {
    const tasks = ['service', 'migrations'].flatMap((kind) =>
      Object.values(of(kind).Resources ?? {}).filter(({ Type }) => Type === 'AWS::ECS::TaskDefinition'),
    );

    expect(tasks.length).toBeGreaterThan(1);
    for (const { Properties } of tasks) {
      expect(JSON.stringify(Properties?.['TaskRoleArn'])).toMatch(/ImportValue.*foundation.*SearchRole/);
      expect(Properties?.['ContainerDefinitions']).toMatchObject([
        { Name: 'app', DependsOn: [{ ContainerName: 'search-proxy', Condition: 'START' }], Memory: 2048 - 128 },
        { Name: 'search-proxy', Command: expect.arrayContaining(['--port', '127.0.0.1:9200']), Essential: true },
      ]);
    }
    expect(searchProxyPort).toBe(proxyPortOfConstruct);
  });

  test('the domain knows that role and no password', () => {
    const domain = of('foundation').Resources?.['Search'];

    expect(domain?.Properties?.['AdvancedSecurityOptions']).toMatchObject({
      InternalUserDatabaseEnabled: false,
      MasterUserOptions: { MasterUserARN: expect.anything() },
    });
    expect(generatedPartsOf(example.spec)).not.toContain('search');
    const composed = composedSecrets({ spec: example.spec, stage, release: null });
    expect(composed.filter(({ template }) => template.includes('search'))).toEqual([]);
    const address = Object.values(of('service').Resources ?? {}).filter(
      ({ Type, Properties }) => Type === 'AWS::SSM::Parameter' && Properties?.['Value'] === 'http://127.0.0.1:9200',
    );
    expect(address).toHaveLength(1);
  });
});
