import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CloudAppVariant, cloudAppFiles } from '../../support/cloud-app.js';
import { runState } from '../../support/fake-gcp/services/run/run-state.js';
import { databaseState } from '../../support/fake-gcp/services/sql/database-state.js';
import { resourceStore } from '../../support/fake-gcp/services/terraform/resource-store.js';
import { gcpAppConfig } from '../../support/gcp/gcp-app.js';
import { type GcpProject, openGcpProject } from '../../support/gcp/gcp-project.js';
import { missingPrograms, skippedFor } from '../../support/gcp/missing-programs.js';
import { generatedValues, leaksOf, seenTexts } from '../../support/gcp/secret-leaks.js';
import { type CliResult, lastLine } from '../../support/local-cli.js';

const [firstToken, secondToken] = ['canary-5d1e8b40', 'canary-second-c2f7'];

let project: GcpProject;
let url: string;

async function agentctl(args: readonly string[], input?: string): Promise<CliResult> {
  const result = await project.agentctl(args, input);
  if (process.env['AGENTCTL_STORY_LOG'] !== undefined)
    console.log(`${args.join(' ')}: ${JSON.stringify(result, null, 1)}`);
  return result;
}

async function configure(variant: CloudAppVariant): Promise<void> {
  const image = await project.push(cloudAppFiles(variant), ['node', 'server.js']);
  await project.write('agentctl.yaml', gcpAppConfig(image));
}

async function deploy(variant: CloudAppVariant): Promise<CliResult> {
  await configure(variant);
  return await agentctl(['deploy', '--yes']);
}

const serving = async (): Promise<unknown> => await (await fetch(url)).json();
const schema = async (): Promise<string> => await (await fetch(new URL('/schema', url))).text();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
/** Share of the traffic by revision. */
const traffic = (): unknown =>
  [...project.fake.world.state(runState).services.values()].map(({ traffic: targets }) =>
    targets.flatMap(({ revisionName, percent = 0 }) => (percent > 0 ? [`${revisionName} ${percent} %`] : [])),
  );

// One project and one first deploy: each test goes on where the one before it has left the stage.
describe.skipIf(missingPrograms.length > 0)(
  `an agent on Google Cloud${skippedFor}`,
  { shuffle: false, timeout: 3_600_000 },
  () => {
    beforeAll(async () => {
      project = await openGcpProject();
    });

    afterAll(async () => await project.stop());

    test('is refused while the project is not prepared, and while a secret has no value', async () => {
      const early = await deploy({ version: 'v1' });
      expect(early.stderr).toContain('agentctl bootstrap --cloud gcp');
      expect(early.exitCode).toBe(3);
      expect(await agentctl(['bootstrap', '--yes'])).toMatchObject({ exitCode: 0 });
      const refused = await agentctl(['deploy', '--yes']);
      expect(refused.stderr).toContain('secrets set TOKEN');
      expect(refused.exitCode).toBe(3);
    });

    test('a first deploy migrates the database and serves, proven through the public address', async () => {
      expect(await agentctl(['secrets', 'set', 'TOKEN'], `${firstToken}\n`)).toMatchObject({ exitCode: 0 });
      const first = await agentctl(['deploy', '--yes']);
      expect(first.stderr).toContain('story r1 serves');
      expect(first.exitCode).toBe(0);
      url = lastLine(first.stdout);
      expect(await serving()).toEqual({ version: 'v1', release: 'r1', token: sha256(firstToken) });
      expect(await schema()).toBe('1');
    });

    test('a second one has nothing to do but prove it', async () => {
      const second = await agentctl(['deploy', '--yes']);
      expect(second.stderr).toContain('nothing to do: story r1 serves what the config says');
      expect(second.exitCode).toBe(0);
    });

    test('a changed image is a change, for diff too', async () => {
      await configure({ version: 'v2', migration: { version: 2 } });
      expect((await agentctl(['diff', '--exit-code'])).exitCode).toBe(12);
      expect((await agentctl(['deploy', '--yes'])).exitCode).toBe(0);
      expect(await serving()).toMatchObject({ version: 'v2', release: 'r2' });
      expect(await schema()).toBe('2');
      expect((await agentctl(['diff', '--exit-code'])).exitCode).toBe(0);
    });

    test('a migration that fails ends it: no service is touched, the schema is as before', async () => {
      const before = traffic();
      const calls = project.fake.calls.length;
      const failed = await deploy({ version: 'v3', migration: { version: 3, fails: true } });
      expect(failed.stderr).toContain('migration 3: relation "nowhere" does not exist');
      expect(failed.stderr).toContain('r2 still serves');
      expect(failed.exitCode).toBe(8);
      const touched = project.fake.calls
        .slice(calls)
        .filter(({ service, operation }) => service === 'run' && /services\.(?:replace|create|delete)/.test(operation));
      expect(touched).toEqual([]);
      expect(traffic()).toEqual(before);
      expect(await serving()).toMatchObject({ version: 'v2' });
      expect(await schema()).toBe('2');
    });

    test('a release that does not come up gets no traffic, and what it said is shown', async () => {
      const before = traffic();
      const failed = await deploy({ version: 'v4', mode: 'crash', migration: { version: 3 } });
      expect(failed.stderr).toContain('app v4: cannot load the model');
      expect(failed.stderr).toContain('r2 still serves; the schema is as migration migrate left it');
      expect(failed.exitCode).toBe(9);
      expect(traffic()).toEqual(before);
      expect(await serving()).toMatchObject({ version: 'v2', release: 'r2' });
      expect((await agentctl(['releases'])).stdout).toMatch(/^r3 .* → 3 +/m);
    });

    test('nor does one that starts and answers wrongly behind the load balancer', async () => {
      const before = traffic();
      const failed = await deploy({ version: 'v5', mode: 'never-healthy', migration: { version: 3 } });
      expect(failed.exitCode).toBe(9);
      expect(traffic()).toEqual(before);
      expect(await serving()).toMatchObject({ version: 'v2', release: 'r2' });
    });

    test('rollback, run, schedule, rotate', async () => {
      expect((await agentctl(['rollback', '--yes'])).exitCode).toBe(0);
      expect(await serving()).toMatchObject({ version: 'v1' });
      const ran = await agentctl(['run', '--', 'node', '-e', 'console.log("ran"); process.exit(7)']);
      expect(ran).toMatchObject({ exitCode: 7, stdout: 'ran\n' });
      const scheduled = await agentctl(['run', '--schedule', 'nightly']);
      expect(scheduled.stdout).toContain('agentctl-schema: story:1');
      expect(scheduled.exitCode).toBe(0);
      expect((await agentctl(['secrets', 'rotate', 'TOKEN', '--yes'], `${secondToken}\n`)).exitCode).toBe(0);
      expect(await serving()).toMatchObject({ token: sha256(secondToken) });
    });

    test('what was done and what runs can be seen', async () => {
      const releases = await agentctl(['releases']);
      expect(releases.stdout.split('\n').map((line) => line.split(/\s+/)[0])).toEqual(
        expect.arrayContaining(['r1', 'r2']) as string[],
      );
      expect(releases.stdout).toContain('serving');
      expect((await agentctl(['status'])).stdout).toMatch(/api +1\/1/);
      expect((await agentctl(['logs', 'api'])).stdout).toContain('app v1: listens');
    });

    test('what somebody has taken away by hand is a change, and is put back', async () => {
      expect((await deploy({ version: 'v5', migration: { version: 1 } })).exitCode).toBe(0);
      expect((await agentctl(['diff', '--exit-code'])).exitCode).toBe(0);
      const alerts = project.fake.world.state(resourceStore).of('google_monitoring_alert_policy');
      expect(alerts.size).toBeGreaterThan(0);
      alerts.clear();
      expect((await agentctl(['diff', '--exit-code'])).exitCode).toBe(12);
      expect((await agentctl(['deploy', '--yes'])).exitCode).toBe(0);
      expect(alerts.size).toBeGreaterThan(0);
      expect((await agentctl(['deploy', '--yes'])).stderr).toContain('nothing to do');
    });

    test('destroy keeps the data, and a deploy after it goes on with them', async () => {
      const { world } = project.fake;
      const kept = await agentctl(['destroy', '--yes']);
      expect(kept.stdout).toContain('the foundation of story');
      expect(kept.exitCode).toBe(0);
      expect([...world.state(runState).services.keys()]).toEqual([]);
      expect([...world.state(runState).jobs.keys()]).toEqual([]);
      expect(world.state(databaseState).instances.size).toBe(1);
      expect((await agentctl(['destroy', '--yes'])).stdout).toContain('nothing to destroy');
      const again = await deploy({ version: 'v6', migration: { version: 1 } });
      expect(again.exitCode).toBe(0);
      expect(lastLine(again.stdout)).toBe(url);
      expect(await serving()).toMatchObject({ version: 'v6', token: sha256(secondToken) });
      // The highest that a migration before has left.
      expect(await schema()).toBe('3');
    });

    test('no secret is anywhere but in Secret Manager', async () => {
      const seen = await seenTexts(project);
      for (const kind of ['foundation', 'migrations', 'service']) {
        expect(seen.some(({ place, text }) => place.includes(`terraform/${kind}`) && text.includes('google_'))).toBe(
          true,
        );
      }
      for (const place of ['file', 'call', 'said']) expect(seen.some((one) => one.place.startsWith(place))).toBe(true);
      expect(seen.some(({ text }) => text.includes('secrets versions add'))).toBe(true);
      expect(seen.some(({ text }) => text.includes('"resource_changes"'))).toBe(true);
      const generated = generatedValues(project);
      expect(generated.length).toBeGreaterThan(0);
      expect(leaksOf([firstToken, secondToken, ...generated], seen)).toEqual([]);
    });
  },
);
