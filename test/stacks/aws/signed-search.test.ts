import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { searchProxyPort as proxyPortOfConstruct } from '../../../constructs/aws/service/search-proxy.js';
import { composedSecrets, searchProxyPort } from '../../../stacks/aws/environment.js';
import { generatedPartsOf } from '../../../stacks/aws/generated-secrets.js';
import type { Template } from '../../../stacks/aws/policy/index.js';
import { type AgentSpec, parseSpec } from '../../../stacks/spec/index.js';
import { type SynthesizedExample, synthesizedExample } from '../../support/aws/synthesized-example.js';

const file = 'examples/state-management-demo/agentctl.yaml';
const stage = 'production';

function specOf(): AgentSpec {
  const parsed = parseSpec(parse(readFileSync(file, 'utf8')), { stage, target: 'aws' });
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  return parsed.spec;
}

const spec = specOf();
let example: SynthesizedExample;
beforeAll(() => {
  example = synthesizedExample(file);
});

const of = (kind: string): Template =>
  example.templates.find(({ stack }) => stack === `${spec.name}-${stage}-${kind}`)?.template ?? {};

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
  expect(generatedPartsOf(spec)).not.toContain('search');
  const composed = composedSecrets({ spec, stage, release: null });
  expect(composed.filter(({ template }) => template.includes('search'))).toEqual([]);
  const address = Object.values(of('service').Resources ?? {}).filter(
    ({ Type, Properties }) => Type === 'AWS::SSM::Parameter' && Properties?.['Value'] === 'http://127.0.0.1:9200',
  );
  expect(address).toHaveLength(1);
});
