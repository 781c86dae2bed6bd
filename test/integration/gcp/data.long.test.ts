import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { execute, type RunResult } from '../../../cli/engine/execute.js';
import { PlanBuilder } from '../../../cli/plan/plan-builder.js';
import { outputOf } from '../../../cli/plan/reference.js';
import type { Plan } from '../../../cli/plan/plan.js';
import { deployConfiguration } from '../../../cli/steps/gcp/deploy-configuration.js';
import { ensureSecrets } from '../../../cli/steps/gcp/ensure-secrets.js';
import type { StageRequest } from '../../../cli/steps/gcp/stage-request.js';
import { gcpTarget } from '../../../cli/targets/gcp/gcp-target.js';
import { usedSecrets } from '../../../cli/targets/gcp/used-secrets.js';
import { generatedUser } from '../../../stacks/gcp/environment.js';
import { stateBucketName } from '../../../stacks/gcp/naming.js';
import { type AgentSpec, parseSpec } from '../../../stacks/spec/index.js';
import { fakeForTest } from '../../support/fake-gcp/fake-for-test.js';
import { hasGcloud } from '../../support/fake-gcp/gcloud.js';
import { enabledServices } from '../../support/fake-gcp/services/project/serviceusage.js';
import { databaseState } from '../../support/fake-gcp/services/sql/database-state.js';
import { secretStore } from '../../support/fake-gcp/services/secretmanager/secret-store.js';
import { storageState } from '../../support/fake-gcp/services/storage/storage-state.js';
import { resourceStore } from '../../support/fake-gcp/services/terraform/resource-store.js';
import { resourceTypes } from '../../support/fake-google-provider/resource-types.js';
import { startFakeGoogleProvider } from '../../support/fake-google-provider/start-fake-google-provider.js';
import { hasTerraform } from '../../cli/tools/terraform/terraform-on-data.js';

const scope = { name: 'agent', stage: 'production' };
type Leaving = { readonly request: StageRequest; readonly isDue: boolean };

const never = new AbortController().signal;

function specWith(parts: object): AgentSpec {
  const input = {
    name: 'agent',
    image: { build: {} },
    services: { api: { port: 8000, routes: [{ path: '/' }], health: { readiness: '/health' } } },
    clouds: { gcp: { project: 'my-project', region: 'us-central1' } },
    ...parts,
  };
  const parsed = parseSpec(input, { stage: scope.stage, target: 'gcp' });
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  return parsed.spec;
}

const everything = specWith({
  postgres: { database: 'app', size: 'small', highAvailability: false, backups: { dumps: { cron: '0 4 * * *' } } },
  search: { nodes: 1 },
  cache: {},
  queue: { engine: 'managed' },
});

/** The target of a stage on a fake cloud, by the real gcloud and terraform. */
async function opened() {
  const fake = await fakeForTest({ project: 'my-project', region: 'us-central1' });
  const bucket = stateBucketName('my-project');
  fake.world.state(storageState).createBucket(bucket, { versioning: { enabled: true } });
  const root = mkdtempSync(join(tmpdir(), 'agentctl-gcp-data-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const stateDirectory = join(root, 'state');
  const provider = await startFakeGoogleProvider({ url: fake.url, configurations: () => [stateDirectory] });
  onTestFinished(() => provider.stop());
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: root,
    ...fake.environment(),
    ...provider.environment,
    AGENTCTL_GCP_POLL_SECONDS: '0.2',
  };
  const target = gcpTarget({
    ...scope,
    directory: root,
    stateDirectory,
    environment,
    flags: '--cloud gcp',
    project: 'my-project',
    region: 'us-central1',
    mask: () => undefined,
  });
  onTestFinished(() => target.close());
  let runs = 0;
  const as = () => ({ runId: `20260101-00000000${++runs}-abcd`, madeAt: '2026-01-01T00:00:00.000Z' });
  const run = async (plan: Plan): Promise<RunResult> =>
    await execute(plan, {
      steps: target.steps,
      tools: target.tools,
      runId: plan.runId,
      planHash: 'hash',
      history: [],
      signal: never,
      giveUp: never,
      concurrency: { total: 4 },
      emit: async () => await Promise.resolve(),
      sleep: async () => await Promise.resolve(),
      random: () => 0,
    });
  /** Secrets and foundation, as a deploy makes them. */
  const foundation = async (
    spec: AgentSpec,
    about: Partial<StageRequest>,
    { leaving = null, allowReplace = [] }: { leaving?: Leaving | null; allowReplace?: string[] } = {},
  ) => {
    const builder = new PlanBuilder();
    const { madeUp } = usedSecrets({ spec, stage: scope.stage, release: null });
    const secrets = builder.add('secrets', ensureSecrets, { scope, parts: [...madeUp] });
    const base = { spec, stage: scope.stage, release: null, images: {}, protect: true, ...about };
    builder.add('foundation', deployConfiguration, {
      stack: 'foundation',
      request: { ...base, secretVersions: outputOf(secrets, 'versions') },
      allowReplace,
      leaving,
    });
    const header = {
      ...scope,
      specHash: 'hash',
      ...as(),
      target: 'gcp',
      base: { release: null },
      release: null,
    } as const;
    return await run(builder.build({ ...header, action: 'deploy' }));
  };
  return { fake, target, as, run, foundation, bucket };
}

const skipped = hasGcloud && hasTerraform ? '' : ' (skipped: gcloud and terraform are not both on the PATH)';

test.skipIf(!hasGcloud || !hasTerraform)(
  `data goes when it is told to, comes back from its last backup, and a restore that fails is taken back${skipped}`,
  { timeout: 1_800_000 },
  async () => {
    const { fake, target, as, run, foundation, bucket } = await opened();
    const { world } = fake;
    const [sql, storage] = [world.state(databaseState), world.state(storageState)];
    const login = async <T>(use: (client: Client) => Promise<T>): Promise<T> => {
      const [instance] = [...sql.instances.values()];
      const secret = await target.tools.gcp.secrets.read('agentctl-agent-production-generated-postgres', never);
      const client = new Client({
        host: instance?.address ?? '',
        user: generatedUser,
        password: secret,
        database: 'app',
        ssl: { rejectUnauthorized: false },
      });
      client.on('error', () => undefined);
      await client.connect();
      try {
        return await use(client);
      } finally {
        await client.end();
      }
    };
    const notes = async (): Promise<unknown> =>
      await login(async (client) => (await client.query<{ text: string }>('SELECT text FROM notes')).rows);
    const put = async (text: string): Promise<unknown> =>
      await login(async (client) => {
        await client.query('CREATE TABLE IF NOT EXISTS notes (text text)');
        return await client.query('INSERT INTO notes VALUES ($1)', [text]);
      });

    const first = await foundation(everything, { databaseSuffix: 'aaaa' });
    expect(first.failure).toBeUndefined();
    expect([...sql.instances.keys()]).toEqual(['agent-production-aaaa']);
    await put('kept');
    const backups = storage.bucket('my-project-agent-production-backups');
    for (const text of ['one', 'two']) storage.put(backups, 'dumps/app.sql.gz', Buffer.from(text));
    expect(await target.exists({ data: true })).toBe(true);

    const destroyed = await run(await target.planDestroy({ ...as(), deleteData: true, finalBackup: true }));
    expect(destroyed.failure).toBeUndefined();
    expect(sql.instances.size).toBe(0);
    const left = resourceTypes.filter((type) => world.state(resourceStore).of(type).size > 0);
    expect(left).toEqual([]);
    // Other things of the project may need it.
    expect(world.state(enabledServices).has('sqladmin.googleapis.com')).toBe(true);
    expect([...storage.buckets.keys()]).toEqual([bucket]);
    expect([...world.state(secretStore).secrets.keys()]).toEqual([]);
    expect([...storage.bucket(bucket).live.keys()]).toEqual([]);
    expect(await target.exists({ data: true })).toBe(false);

    const again = await foundation(everything, { databaseSuffix: 'bbbb' });
    expect(again.failure).toBeUndefined();
    expect([...sql.instances.keys()]).toEqual(['agent-production-bbbb']);
    const [final] = await target.backups();
    expect(final).toMatchObject({ reason: 'final', database: 'agent-production-aaaa' });
    const restored = await run(await target.planRestore(as(), final?.id ?? ''));
    expect(restored.failure).toBeUndefined();
    // With the password of now.
    expect(await notes()).toEqual([{ text: 'kept' }]);

    await put('new');
    const made = await run(await target.planBackup(as()));
    const id = String(made.outputs.get('backup')?.['backup']);
    const bad = sql.backups.find((one) => one.id === id);
    if (bad === undefined) throw new Error(`no backup ${id}`);
    bad.isDamaged = true;
    const failed = await run(await target.planRestore(as(), id));
    expect(failed.failure?.step).toBe('restore');
    expect(failed.recovered).toBe(true);
    expect(await notes()).toEqual([{ text: 'kept' }, { text: 'new' }]);
  },
);

test.skipIf(!hasGcloud || !hasTerraform)(
  `a part that the file has no more stays until nothing uses it, then goes whatever protects it${skipped}`,
  { timeout: 1_800_000 },
  async () => {
    const { fake, foundation } = await opened();
    const { world } = fake;
    const there = (type: string): number => world.state(resourceStore).of(type).size;
    const before = specWith({ cache: {}, queue: { engine: 'managed' } });
    const after = specWith({});
    const request: StageRequest = {
      spec: before,
      stage: scope.stage,
      release: null,
      images: {},
      secretVersions: {},
      protect: true,
    };
    expect((await foundation(before, {})).failure).toBeUndefined();

    const first = await foundation(after, {}, { leaving: { request, isDue: false } });
    expect(first.failure).toBeUndefined();
    // What still runs reads it from the state.
    expect(first.outputs.get('foundation')?.['outputs']).toMatchObject({ CacheHost: '127.255.0.1' });
    expect([there('google_redis_instance'), there('google_pubsub_topic')]).toEqual([1, 2]);

    const refused = await foundation(after, {}, { leaving: { request, isDue: true } });
    expect(refused.failure?.failure).toMatchObject({ code: 'Refused' });
    expect(there('google_redis_instance')).toBe(1);

    // One address a line.
    const allowReplace = refused.failure?.failure.detail?.split('\n') ?? [];
    expect(allowReplace).toContain('google_redis_instance.Cache');
    const cleared = await foundation(after, {}, { leaving: { request, isDue: true }, allowReplace });
    expect(cleared.failure).toBeUndefined();
    expect([there('google_redis_instance'), there('google_pubsub_topic')]).toEqual([0, 0]);
    expect(cleared.outputs.get('foundation')?.['outputs']).not.toHaveProperty('CacheHost');
  },
);
