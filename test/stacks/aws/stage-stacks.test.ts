import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { agentApp } from '../../../stacks/aws/agent-app.js';
import { generatedPartsOf } from '../../../stacks/aws/generated-secrets.js';
import { foundationOutputsSchema } from '../../../stacks/aws/outputs.js';
import { policyFindings } from '../../../stacks/aws/policy/index.js';
import type { SynthRequest } from '../../../stacks/aws/synth-request.js';
import { type AgentSpec, parseSpec } from '../../../stacks/spec/index.js';

interface Template {
  readonly Resources: Record<string, { Type: string; Properties: Record<string, unknown>; DeletionPolicy?: string }>;
  readonly Outputs?: Record<string, { Value: unknown; Export?: { Name: string } }>;
}

const canary = 'canary-5f0c1';
const digest = (digit: string): string => `123456789012.dkr.ecr.us-east-1.amazonaws.com/x@sha256:${digit.repeat(64)}`;
const stage = 'production';

function specOf(file: string): AgentSpec {
  const parsed = parseSpec(parse(readFileSync(file, 'utf8')), { stage, target: 'aws' });
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  return parsed.spec;
}

function synthesized(spec: AgentSpec, about: Partial<SynthRequest> = {}): Record<string, string> {
  const outdir = mkdtempSync(join(tmpdir(), 'agentctl-stacks-'));
  agentApp({ spec, stage, release: 'r1', images: { '.': digest('a') }, secretsMarker: null, ...about, outdir }).synth();
  const names = readdirSync(outdir).filter((name) => name !== 'cdk.out');
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(outdir, name), 'utf8')]));
  rmSync(outdir, { recursive: true });
  return files;
}

const full = specOf('test/fixtures/specs/full.yaml');
let files: Record<string, string>;
const template = (kind: string, from = files): Template =>
  JSON.parse(from[`${full.name}-${stage}-${kind}.template.json`] ?? '{}') as Template;

beforeAll(() => {
  files = synthesized(full);
});

test('the same request gives the same bytes wherever they are written, and names no place of this machine', () => {
  const again = synthesized(full);

  expect(again).toEqual(files);
  expect(Object.keys(again).filter((name) => name.endsWith('.metadata.json'))).toHaveLength(3);
  const places = [process.cwd(), 'agentctl-stacks-', 'node_modules'];
  expect(Object.values(again).filter((text) => places.some((place) => text.includes(place)))).toEqual([]);
});

test('what holds data has a logical id of its own, and stays when its stack goes', () => {
  const { Resources } = template('foundation');

  for (const id of ['Key', 'Postgres', 'Search', 'Cache', 'Queue', 'Registry', 'Backups', 'BackupVault'])
    expect({ id, policy: Resources[id]?.DeletionPolicy }).toEqual({ id, policy: 'RetainExceptOnCreate' });
});

test('the foundation does not know the release: another one changes nothing in it', () => {
  const next = synthesized(full, { release: 'r2', images: { '.': digest('b') }, secretsMarker: 'a1b2' });
  const before = synthesized(full, { release: null, images: {} });
  const foundation = `${full.name}-${stage}-foundation.template.json`;

  // To the byte: a foundation is deployed from the assembly of any release.
  expect([next[foundation], before[foundation]]).toEqual([files[foundation], files[foundation]]);
  expect(template('service', next)).not.toEqual(template('service'));
});

test('the foundation has the outputs of the contract, each exported under its name', () => {
  const { Outputs = {} } = template('foundation');
  const named = Object.entries(Outputs).filter(([name]) => !name.startsWith('ExportsOutput'));

  expect(named.filter(([name]) => !Object.hasOwn(foundationOutputsSchema.shape, name))).toEqual([]);
  expect(named.map(([name, { Export }]) => Export?.Name === `support-agent-production-foundation-${name}`)).toEqual(
    named.map(() => true),
  );
  expect(named.map(([name]) => name)).toEqual(
    expect.arrayContaining([
      'ClusterName',
      'Url',
      'PostgresHost',
      'PoolerHost',
      'SearchEndpoint',
      'CacheHost',
      'QueueUrl',
    ]),
  );
});

test('services and schedules run the image by its digest, and no variable is a literal', () => {
  const definitions = Object.values(template('service').Resources).filter(
    ({ Type }) => Type === 'AWS::ECS::TaskDefinition',
  );
  const containers = definitions.flatMap(
    ({ Properties }) =>
      Properties['ContainerDefinitions'] as { Image: string; Environment?: unknown; Secrets?: unknown }[],
  );

  expect(containers.map(({ Image }) => Image)).toEqual(containers.map(() => digest('a')));
  expect(containers.map(({ Environment }) => Environment)).toEqual(containers.map(() => undefined));
});

test('what a workload prints is found by its name, as agentctl logs asks for it', () => {
  const named = [
    ...Object.keys(full.services),
    ...Object.keys(full.schedules),
    ...full.migrations.map(({ name }) => name),
  ];
  const prefixes = ['service', 'migrations'].flatMap((kind) =>
    Object.values(template(kind).Resources)
      .filter(({ Type }) => Type === 'AWS::ECS::TaskDefinition')
      .flatMap(({ Properties }) => JSON.stringify(Properties).match(/(?<="awslogs-stream-prefix":")[^"]+/) ?? []),
  );

  expect(prefixes.toSorted()).toEqual(named.toSorted());
});

test('a service that is down wakes somebody, and so does a rollout that failed; the dashboard shows it first', () => {
  const of = (kind: string, type: string) =>
    Object.entries(template(kind).Resources).filter(([, { Type }]) => Type === type);
  const down = of('service', 'AWS::CloudWatch::CompositeAlarm');
  const always = Object.values(full.services).filter(({ scale, routes }) => scale.min > 0 && routes.length > 0);
  expect(always).not.toEqual([]);

  expect(down).toHaveLength(always.length);
  for (const [, { Properties }] of down) expect(Properties['AlarmActions']).toHaveLength(1);
  expect(of('foundation', 'AWS::Events::Rule').map(([, { Properties }]) => Properties['Description'])).toEqual([
    'A deployment failed',
    'A task ended by itself, or did not start',
    'A backup was not made',
  ]);
  expect(JSON.stringify(of('service', 'AWS::CloudWatch::Dashboard'))).toContain(down[0]?.[0] ?? 'a composite alarm');
});

test('our own rules find nothing', () => {
  for (const kind of ['foundation', 'migrations', 'service']) expect(policyFindings(template(kind))).toEqual([]);
});

test('passwords are dynamic references, and the parts that have one are told', () => {
  expect(generatedPartsOf(full)).toEqual(['postgres', 'search', 'cache']);
  const text = JSON.stringify(template('foundation'));
  for (const part of ['postgres', 'search', 'cache'])
    expect(text).toContain(
      `{{resolve:secretsmanager:agentctl/support-agent/production/generated/${part}:SecretString:password`,
    );
});

test('the marker of secrets rolls services out again', () => {
  const marked = synthesized(full, { secretsMarker: canary });

  expect(files['support-agent-production-service.template.json']).not.toContain(canary);
  expect(marked['support-agent-production-service.template.json']).toContain(canary);
});
