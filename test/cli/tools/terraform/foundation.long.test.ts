import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openTerraform } from '../../../../cli/tools/terraform/index.js';
import { foundationOutputsSchema } from '../../../../stacks/gcp/outputs.js';
import { statefulTypes } from '../../../../stacks/gcp/policy/stateful-types.js';
import { startFakeGoogleProvider } from '../../../support/fake-google-provider/start-fake-google-provider.js';
import { gcpSpec, synthesizedStage } from '../../../support/gcp/synthesized-stage.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';
import { startPlainCloud } from '../../../support/terraform/plain-cloud.js';
import { startStateServer } from '../../../support/terraform/state-server.js';
import { everyFile, hasTerraform } from './terraform-on-data.js';

const canary = 'canary-Jm4Rt8Yx2Wq6';

async function openStage() {
  const root = await temporaryDirectory();
  const [cloud, states] = [await startPlainCloud(), await startStateServer()];
  const directory = join(root, 'work');
  const provider = await startFakeGoogleProvider({ url: cloud.url, configurations: () => [directory] });
  onTestFinished(async () => void (await Promise.all([cloud.stop(), states.stop(), provider.stop()])));
  const cliConfig = join(root, 'terraformrc');
  await writeFile(cliConfig, '');
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: root,
    TF_CLI_CONFIG_FILE: cliConfig,
    ...states.environment,
    ...provider.environment,
  };
  const terraform = openTerraform({ environment, directory, statefulTypes: Object.keys(statefulTypes) });
  const log: string[] = [];
  let written = 0;
  return {
    root,
    cloud,
    states,
    terraform,
    log,
    run: { signal: new AbortController().signal, log: (line: string) => void log.push(line) },
    /** The foundation of an example, with a backend at hand. */
    async foundation({ protect = true, change = () => undefined }: FoundationOptions = {}) {
      const spec = gcpSpec('examples/state-management-demo/agentctl.yaml');
      const { foundation } = synthesizedStage(spec, 'production', { release: 'r1', protect });
      const { terraform: settings, ...rest } = JSON.parse(foundation?.text ?? '{}') as {
        terraform: object;
        resource: Resources;
      };
      change(rest.resource);
      const configuration = join(root, `stack-${(written += 1)}`);
      await mkdir(configuration);
      const text = JSON.stringify({ terraform: { ...settings, backend: states.backend('foundation') }, ...rest });
      await writeFile(join(configuration, 'cdk.tf.json'), text);
      return { name: 'foundation', configuration, variables: { postgres_password: canary } };
    },
  };
}

type Resources = Record<string, Record<string, Record<string, unknown>>>;

interface FoundationOptions {
  readonly protect?: boolean;
  readonly change?: (resources: Resources) => void;
}

/** Sets an argument of one resource. */
const setting = (type: string, name: string, argument: string, value: unknown) => (resources: Resources) => {
  const resource = resources[type]?.[name];
  if (resource === undefined) throw new Error(`no ${type}.${name}`);
  resource[argument] = value;
};

/** Registry, queue and backups are protected whatever is asked for. */
const unprotected = (resources: Resources): void => {
  for (const resource of Object.values(resources).flatMap((named) => Object.values(named)))
    delete resource['lifecycle'];
};

test.skipIf(!hasTerraform)(
  'Terraform makes, changes and destroys the foundation of an example, and knows no password',
  async () => {
    const stage = await openStage();
    const { cloud, terraform, run } = stage;
    const stack = await stage.foundation();

    // What fails is told by its address; what was made is kept, and the next run makes the rest.
    cloud.refuse('google_redis_instance', {
      code: 429,
      message: 'Quota exceeded for memory',
      status: 'RESOURCE_EXHAUSTED',
    });
    await expect(terraform.deploy({ stack, ...run })).rejects.toMatchObject({
      code: 'StepFailed',
      message: expect.stringMatching(
        /^stack foundation could not be deployed: google_redis_instance\.Cache: Error creating .*Error 429: Quota exceeded for memory/,
      ) as string,
      fix: expect.stringMatching(/^raise the quota/) as string,
    });
    const before = cloud.resources.size;
    const made = await terraform.deploy({ stack, allowWidening: true, ...run });
    expect(before).toBeGreaterThan(30);
    expect(cloud.resources.size).toBeGreaterThan(before);
    expect(
      cloud.requests.filter(({ method, type }) => method === 'POST' && type === 'google_sql_database_instance'),
    ).toHaveLength(1);
    expect(made.changed).toBe(true);
    expect(foundationOutputsSchema.parse(made.outputs)).toMatchObject({ PostgresHost: '10.1.2.6', CachePort: 6378 });

    const sent = cloud.requests.length;
    await expect(terraform.deploy({ stack, ...run })).resolves.toMatchObject({ changed: false });
    expect(
      cloud.requests.slice(sent).filter(({ method, type }) => method !== 'GET' && type !== 'google_project'),
    ).toEqual([]);

    // A password reaches Google, and nothing that is written.
    const user = cloud.requests.find(({ method, type }) => method === 'POST' && type === 'google_sql_user');
    expect(user?.body.writeOnly).toEqual({ password_wo: canary });
    const written = [...everyFile(stage.root).values(), ...stage.states.received, ...stage.log];
    expect(written.some((text) => text.includes('google_sql_user'))).toBe(true);
    expect(written.filter((text) => text.includes(canary))).toEqual([]);
    expect(JSON.stringify(cloud.requests.map(({ body }) => [body.attributes, body.prior]))).not.toContain(canary);

    // In place, and what may not be replaced.
    const larger = await stage.foundation({ change: setting('google_redis_instance', 'Cache', 'memory_size_gb', 9) });
    await expect(terraform.changes(larger, run)).resolves.toMatchObject({
      created: [],
      changed: [{ address: 'google_redis_instance.Cache', attributes: ['memory_size_gb'] }],
      replaced: [],
    });
    await terraform.deploy({ stack: larger, ...run });
    expect(cloud.requests.findLast(({ method }) => method === 'PUT')?.body.attributes).toMatchObject({
      memory_size_gb: 9,
    });
    const moved = { protect: false, change: setting('google_redis_instance', 'Cache', 'tier', 'BASIC') };
    await expect(
      terraform.deploy({ stack: await stage.foundation(moved), allowWidening: true, ...run }),
    ).rejects.toMatchObject({
      code: 'Refused',
      message: 'stack foundation would replace google_redis_instance.Cache, and its data',
    });

    // All of it goes only by name.
    const open = await stage.foundation({ protect: false, change: unprotected });
    await expect(terraform.destroy({ stack: open, allowWidening: true, ...run })).rejects.toMatchObject({
      code: 'Refused',
    });
    const names = await terraform.resources(open, run);
    await terraform.destroy({ stack: open, allowWidening: true, allowReplace: names, ...run });
    expect([...cloud.resources.keys()]).toEqual([]);
  },
);
