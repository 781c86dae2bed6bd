import { existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { policyFindings, resourcesOf } from '../../../stacks/gcp/policy/index.js';
import { acknowledged, conditions, idsIn, withoutObject } from '../../support/gcp/conditions.js';
import { hasTerraform, shadowProblems } from '../../support/gcp/shadow-validate.js';
import { gcpSpec, type SynthesizedStack, synthesizedStage } from '../../support/gcp/synthesized-stage.js';

const examples = [
  { name: 'quickstart', stage: 'production' },
  { name: 'fastapi-agent', stage: 'production' },
  { name: 'state-management-demo', stage: 'production' },
  // The sizes of its deployment guide.
  { name: 'state-management-demo', stage: 'gcp' },
] as const;

const canary = 'canary-Zq8Xw2Lk5Vn7Rt3Y';
const synthesized = new Map<string, Readonly<Record<string, SynthesizedStack>>>();
const stacksOf = (name: string, stage: string): readonly SynthesizedStack[] =>
  Object.values(synthesized.get(`${name} ${stage}`) ?? {});

beforeAll(() => {
  process.env['OPENAI_API_KEY'] = canary;
  process.env['TF_VAR_postgres_password'] = canary;
  for (const { name, stage } of examples)
    synthesized.set(
      `${name} ${stage}`,
      synthesizedStage(gcpSpec(`examples/${name}/agentctl.yaml`, stage), stage, { release: 'r1' }),
    );
});

afterAll(() => {
  delete process.env['OPENAI_API_KEY'];
  delete process.env['TF_VAR_postgres_password'];
});

describe.each(examples)('$name at stage $stage', ({ name, stage }) => {
  test('has three stacks, and breaks no rule of ours', () => {
    const stacks = stacksOf(name, stage);

    expect(stacks).toHaveLength(3);
    expect(stacks.flatMap(({ configuration }) => policyFindings(configuration))).toEqual([]);
  });

  test('has no value of a secret that lies in the environment, and no password in a URL', () => {
    for (const { text } of stacksOf(name, stage)) {
      expect(text).not.toContain(canary);
      expect(text).not.toMatch(/:\/\/[^"\s/]*:[^"\s/$]*@/);
    }
  });
});

test.skipIf(!hasTerraform())('terraform finds no reference to nothing and no cycle in any of them', async () => {
  const configurations = [...synthesized.values()].flatMap((stacks) =>
    Object.values(stacks).map(({ configuration }) => configuration),
  );

  expect(await shadowProblems(...configurations)).toEqual([]);
});

test('state-management-demo has the sizes of its guide', () => {
  const stacks = stacksOf('state-management-demo', 'gcp');
  const all = (type: string) =>
    stacks.flatMap(({ configuration }) => resourcesOf(configuration, type).map(([, it]) => it));

  expect(all('google_sql_database_instance')).toEqual([
    expect.objectContaining({
      database_version: 'POSTGRES_15',
      settings: expect.objectContaining({ tier: 'db-custom-2-8192', disk_size: 100, availability_type: 'REGIONAL' }),
    }),
  ]);
  expect(all('google_cloud_run_v2_service')).toEqual([
    expect.objectContaining({
      template: expect.objectContaining({
        scaling: { min_instance_count: 2, max_instance_count: 10 },
        containers: expect.arrayContaining([
          expect.objectContaining({
            name: 'app',
            resources: expect.objectContaining({ limits: { cpu: '2', memory: '4096Mi' } }),
          }),
        ]),
      }),
    }),
  ]);
});

test.each(conditions)('$type: $what ($ids)', ({ type, holds }) => {
  const found = [...synthesized].flatMap(([name, stacks]) =>
    Object.values(stacks).flatMap(({ stack, configuration }) =>
      resourcesOf(configuration, type).map(([address, values]) => {
        return { where: `${name}, ${stack}: ${address}`, holds: holds(values) };
      }),
    ),
  );

  expect(found).not.toEqual([]);
  expect(found.filter((it) => !it.holds).map(({ where }) => where)).toEqual([]);
});

test('what is knowingly not kept has a reason', () => {
  for (const reason of Object.values({ ...acknowledged, ...withoutObject })) expect(reason.length).toBeGreaterThan(20);
});

/** What checkov (3.3) and Trivy look for in resources of Google’s provider, as far as it is about types that an agent has. */
const published =
  'CKV_GCP_2, 3, 4, 6, 11, 14, 26, 27, 29 to 32, 34 to 43, 46, 49, 51 to 57, 60, 62, 63, 73 to 79, 82, 84, 88, 95, 97, 101, 102, ' +
  '106, 108 to 111, 114, 117, 118, 125, CKV2_GCP_6, 12 to 18, 37, 38, ' +
  'GCP-0001 to 0003, 0006 to 0008, 0010, 0011, 0014 to 0018, 0020 to 0022, 0024, 0025, 0027, 0029 to 0032, 0035, 0039, 0041 to 0045, ' +
  '0065 to 0068, 0070 to 0072, 0074 to 0078';

test('every published check is restated, has nothing to look at, or is not kept for a reason', () => {
  const texts = [...conditions.map(({ ids }) => ids), ...Object.keys(acknowledged), ...Object.keys(withoutObject)];
  const known = new Set(texts.flatMap(idsIn));
  expect(idsIn(published)).toEqual(expect.arrayContaining(['CKV_GCP_31', 'CKV2_GCP_17', 'GCP-0045']));
  expect(idsIn(published).filter((id) => !known.has(id))).toEqual([]);
});

// That example stands for itself: its configuration is synthesized from the packed tarball (test/examples).
test('every example that has an agent is among these', () => {
  const withAgent = readdirSync('examples').filter((name) => existsSync(`examples/${name}/agentctl.yaml`));
  expect([...new Set(examples.map(({ name }) => name))].toSorted()).toEqual(withAgent.toSorted());
});
