import { TerraformStack } from 'cdktf';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { poolerImage } from '../../../constructs/gcp/service/pooler-container.js';
import { searchPort as constructPort } from '../../../constructs/gcp/search/node-start.js';
import { pgbouncerPort } from '../../../constructs/pooler/pgbouncer-start.js';
import { AgentStack } from '../../../stacks/gcp/agent-stack.js';
import { composedSecretName, revisionSuffix } from '../../../stacks/gcp/naming.js';
import { foundationOutputsSchema } from '../../../stacks/gcp/outputs.js';
import { policyFindings, resourcesOf, statefulTypes } from '../../../stacks/gcp/policy/index.js';
import { poolerAddress, searchPort } from '../../../stacks/gcp/references.js';
import { hasTerraform, shadowProblems } from '../../support/gcp/shadow-validate.js';
import { gcpSpec, type SynthesizedStack, synthesizedStage } from '../../support/gcp/synthesized-stage.js';

const full = gcpSpec('test/fixtures/specs/full.yaml');
const image = (digit: string): string => `us-central1-docker.pkg.dev/my-project/x@sha256:${digit.repeat(64)}`;
const about = { release: 'r1', images: { '.': image('a') } } as const;

const rotatedSecret = 'agentctl-support-agent-production-secrets-JWT_SECRET_KEY';

let made: Readonly<Record<string, SynthesizedStack>>;
/** Another image, and another version of one secret. */
let next: typeof made;
/** Nothing built, no release, and nothing protected. */
let bare: typeof made;
const stackOf = (kind: string, from = made): SynthesizedStack => {
  const stack = from[kind];
  if (stack === undefined) throw new Error(`there is no stack ${kind}`);
  return stack;
};
const configurationOf = (kind: string, from = made) => stackOf(kind, from).configuration;
const only = (kind: string, type: string) => {
  const [first, ...others] = resourcesOf(configurationOf(kind), type);
  if (first === undefined || others.length > 0) throw new Error(`not one ${type}`);
  return first[1];
};

beforeAll(() => {
  made = synthesizedStage(full, 'production', about);
  next = synthesizedStage(full, 'production', {
    release: 'r1',
    images: { '.': image('b') },
    secretVersions: { [rotatedSecret]: '2' },
  });
  // Neither terraform nor any other program is needed.
  const path = process.env['PATH'];
  process.env['PATH'] = '/nowhere';
  try {
    bare = synthesizedStage(full, 'production', { protect: false });
  } finally {
    process.env['PATH'] = path;
  }
});

test('the same request gives the same bytes, wherever it is written', () => {
  const texts = (stacks: typeof made) => Object.values(stacks).map(({ text }) => text);

  expect(texts(synthesizedStage(full, 'production', about))).toEqual(texts(made));
});

test('no stack refers to another: the pass of cdktf that would look for it changes nothing', () => {
  const ours = vi.spyOn(AgentStack.prototype, 'prepareStack');
  ours.mockImplementation(function prepareAsUsual(this: AgentStack) {
    TerraformStack.prototype.prepareStack.call(this);
  });
  try {
    const prepared = synthesizedStage(full, 'production', about);

    expect(ours).toHaveBeenCalledTimes(Object.keys(made).length);
    for (const [kind, { text }] of Object.entries(prepared)) expect(text).toBe(stackOf(kind).text);
  } finally {
    ours.mockRestore();
  }
});

test('every stack has a state of its own in the bucket of the project, and says what it needs', () => {
  for (const kind of ['foundation', 'migrations', 'service'])
    expect(configurationOf(kind).terraform).toMatchObject({
      backend: {
        gcs: { bucket: 'agentctl-state-my-project', prefix: `support-agent/production/terraform/${kind}` },
      },
      required_version: '>= 1.11.0, < 2.0.0',
      required_providers: { google: { source: 'google', version: '6.50.0' } },
    });
});

test('what holds data has a name of its own in the state, and is kept', () => {
  const stateful = resourcesOf(configurationOf('foundation'), ...Object.keys(statefulTypes)).map(
    ([address]) => address,
  );

  expect(stateful.filter((address) => !/_[0-9A-F]{8}$/.test(address)).toSorted()).toEqual([
    'google_artifact_registry_repository.Registry',
    'google_compute_disk.SearchData1',
    'google_compute_disk.SearchData2',
    'google_compute_disk.SearchData3',
    'google_pubsub_subscription.Queue',
    'google_pubsub_topic.Queue',
    'google_redis_instance.Cache',
    'google_sql_database_instance.Postgres',
    'google_storage_bucket.Backups',
  ]);
});

test('the foundation does not know the release: another one changes nothing in it', () => {
  expect(stackOf('foundation', next).text).toEqual(stackOf('foundation').text);
  expect(stackOf('service', next).text).not.toEqual(stackOf('service').text);
});

test('the foundation has the outputs of the contract and no others', () => {
  const outputs = Object.keys(configurationOf('foundation').output ?? {});

  expect(outputs.filter((name) => !Object.hasOwn(foundationOutputsSchema.shape, name))).toEqual([]);
  expect(outputs).toEqual(
    expect.arrayContaining(['ProjectNumber', 'Url', 'PostgresHost', 'SearchHost', 'CacheHost', 'QueueTopic']),
  );
});

test('what the other stacks read of the foundation is an output of it', () => {
  const outputs = Object.keys(configurationOf('foundation').output ?? {});
  const read = ['migrations', 'service'].flatMap((kind) =>
    [...stackOf(kind).text.matchAll(/data\.terraform_remote_state\.foundation\.outputs\.(\w+)/g)].map(
      ([, name]) => name,
    ),
  );

  expect(read.length).toBeGreaterThan(5);
  expect([...new Set(read)].filter((name) => !outputs.includes(name ?? ''))).toEqual([]);
});

test('everything of the foundation waits until the APIs are on', () => {
  const waiting = resourcesOf(configurationOf('foundation')).filter(
    ([address]) => !address.startsWith('google_project_service.') && !address.startsWith('terraform_data.'),
  );

  expect(waiting.length).toBeGreaterThan(50);
  expect(
    waiting
      .filter(([, { depends_on: needed }]) => !JSON.stringify(needed).includes('terraform_data.'))
      .map(([address]) => address),
  ).toEqual([]);
});

describe('a release', () => {
  test('is a revision by name: another content of it has another', () => {
    const { template } = only('service', 'google_cloud_run_v2_service') as { template: { revision: string } };
    const [[, service] = []] = resourcesOf(configurationOf('service', next), 'google_cloud_run_v2_service');

    expect(template.revision).toMatch(/^support-agent-production-api-r1-[0-9a-f]{6}$/);
    expect(service).not.toMatchObject({ template: { revision: template.revision } });
    expect(configurationOf('service').output).toMatchObject({ ServiceApiRevision: { value: template.revision } });
  });

  test('has its secrets by version, the first one of those that are not told', () => {
    const versions = (text: string) =>
      [...text.matchAll(/"secret": "([^"]+)",\s+"version": "(\d+)"/g)].map(
        ([, secret, version]) => `${secret} ${version}`,
      );

    expect(versions(stackOf('service', next).text)).toEqual(expect.arrayContaining([`${rotatedSecret} 2`]));
    expect(versions(stackOf('service').text)).toEqual(expect.arrayContaining([`${rotatedSecret} 1`]));
    expect(revisionSuffix('r1', ['1'])).not.toEqual(revisionSuffix('r1', ['2']));
  });

  test('migrations run its image, in a stack of their own', () => {
    expect(only('migrations', 'google_cloud_run_v2_job')).toMatchObject({
      name: 'support-agent-production-migrate',
      template: { template: { timeout: '600s', max_retries: 0, containers: [{ image: image('a') }] } },
    });
  });

  test('of which nothing was built has a digest of zeros, and no revision name', () => {
    expect(stackOf('service', bare).text).toContain(`@sha256:${'0'.repeat(64)}`);
    expect(stackOf('service', bare).text).not.toContain('"revision"');
  });
});

test('a worker pool has its fewest instances, and each instance its share of the connections', () => {
  expect(only('service', 'google_cloud_run_v2_worker_pool')).toMatchObject({ scaling: { manual_instance_count: 1 } });
  // (400 - 10) / (2 × (10 + 1))
  expect(stackOf('service').text).toContain('max_db_connections = 17');
});

test('a service that does not go through the pooler has none beside it, and without the database takes no share', () => {
  const { api, worker } = full.services;
  const withWorker = (env: Record<string, string>) => {
    const services = { api: { ...api, env: full.env }, worker: { ...worker, env } };
    return stackOf('service', synthesizedStage({ ...full, env: {}, services } as typeof full));
  };
  const { configuration, text } = withWorker({});
  const containersOf = (type: string): readonly string[] =>
    resourcesOf(configuration, type).flatMap(([, { template }]) =>
      (template as { containers: readonly { name: string }[] }).containers.map(({ name }) => name),
    );

  expect(containersOf('google_cloud_run_v2_service')).toContain('pooler');
  expect(containersOf('google_cloud_run_v2_worker_pool')).not.toContain('pooler');
  // (400 - 10) / (2 × 10); past the pooler the worker is the eleventh.
  expect(text).toContain('max_db_connections = 19');
  expect(withWorker({ DIRECT: '${postgres.directUrl}' }).text).toContain('max_db_connections = 17');
});

test('the pooler and the search nodes listen where their clients look', () => {
  expect(poolerAddress).toBe(`127.0.0.1:${pgbouncerPort}`);
  expect(searchPort).toBe(constructPort);
  expect(stackOf('service').text).toContain(poolerImage);
});

test('what looks like a template of Terraform stays the text that the file has', () => {
  const api = { ...full.services['api'], command: ['sh', '-c', 'curl -w "%{http_code}" $${HOST}'] };
  const odd = { ...full, env: { ODD: 'a $${HOME} %{if}' }, services: { api } } as typeof full;
  const { text } = stackOf('service', synthesizedStage(odd));

  expect(text).toContain('curl -w \\"%%{http_code}\\" $${HOST}');
  expect(text).toContain('"value": "a $${HOME} %%{if}"');
});

test('a text with a secret in it is a secret, put together elsewhere', () => {
  const name = composedSecretName({ name: 'support-agent', stage: 'production' }, 'x').replace(/[^-]+$/, '');

  expect(stackOf('service').text).toContain(name);
  expect(stackOf('service').text).not.toContain('postgresql://');
});

test('our own rules find nothing', () => {
  for (const { configuration } of Object.values(made)) expect(policyFindings(configuration)).toEqual([]);
});

test('taking a stage away, Terraform may destroy what holds data', () => {
  expect(resourcesOf(configurationOf('foundation', bare), 'google_sql_database_instance')[0]?.[1]).toMatchObject({
    deletion_protection: false,
    lifecycle: { prevent_destroy: false },
  });
});

describe.skipIf(!hasTerraform())('terraform, with the builtin provider in place of Google’s', () => {
  test('finds no reference to nothing and no cycle', async () => {
    expect(await shadowProblems(...Object.values(made).map(({ configuration }) => configuration))).toEqual([]);
  });

  test('says when something refers to what is not there, in a circle, or keeps what is only to be written', async () => {
    const resource = (values: Readonly<Record<string, Readonly<Record<string, unknown>>>>) => ({
      resource: { google_x: values },
    });
    const variable = { it: { type: 'string', ephemeral: true } };

    expect(await shadowProblems(resource({ a: { name: '${google_x.b.id}' } }))).toEqual([
      expect.stringContaining('Reference to undeclared resource'),
    ]);
    expect(await shadowProblems(resource({ a: { n: '${google_x.b.id}' }, b: { n: '${google_x.a.id}' } }))).toEqual([
      expect.stringContaining('Cycle'),
    ]);
    expect(await shadowProblems({ ...resource({ a: { password: '${var.it}' } }), variable })).toEqual([
      expect.stringContaining('Invalid use of ephemeral value'),
    ]);
    expect(await shadowProblems({ ...resource({ a: { password_wo: '${var.it}' } }), variable })).toEqual([]);
  });
});
