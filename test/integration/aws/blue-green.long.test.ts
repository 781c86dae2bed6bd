import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awsAppConfig } from '../../support/aws-app.js';
import { type AwsProject, openAwsProject } from '../../support/aws-project.js';
import { cloudAppFiles, type CloudAppVariant } from '../../support/cloud-app.js';
import { cloudFormationState } from '../../support/fake-aws/services/cloudformation/cloudformation-state.js';
import { loadBalancing } from '../../support/fake-aws/services/elb/load-balancing.js';
import { type CliResult, lastLine } from '../../support/local-cli.js';

let project: AwsProject;
let url: string;

const rollout = 'rollout: { strategy: blueGreen, bake: 1m }';

interface Change {
  readonly path?: string;
  /** Whether there is a queue, whose address the agent gets. */
  readonly queue?: boolean;
}

async function configure(variant: CloudAppVariant, { path = '/', queue = true }: Change = {}): Promise<void> {
  const image = await project.push(cloudAppFiles(variant), ['node', 'server.js']);
  const config = awsAppConfig(image).replace('aws: { ', `aws: { ${rollout}, `).replace('path: /', `path: ${path}`);
  const withQueue = config.replace('env: { ', 'env: { QUEUE_URL: "${queue.url}", ');
  await project.write('agentctl.yaml', queue ? `${withQueue}queue: { engine: managed }\n` : config);
}

async function deploy(variant: CloudAppVariant): Promise<CliResult> {
  await configure(variant);
  return await project.agentctl(['deploy', '--yes']);
}

const serving = async (): Promise<unknown> => await (await fetch(url)).json();

/** Weights of the one rule: of the first target group, and of the other. */
function weights(): readonly (number | undefined)[] {
  const [balancer] = project.fake.world.state(loadBalancing).loadBalancers.values();
  const rules = [...(balancer?.listeners.values() ?? [])].flatMap((listener) => [...listener.rules.values()]);
  return (rules[0]?.actions[0]?.ForwardConfig?.TargetGroups ?? []).map(({ Weight }) => Weight);
}

// One account: each test goes on where the one before it has left the stage. It takes about three minutes.
describe('an agent whose rollouts are blue/green', { shuffle: false }, () => {
  beforeAll(async () => {
    project = await openAwsProject();
    await project.agentctl(['bootstrap', '--yes']);
    await configure({ version: 'v1' });
    await project.agentctl(['secrets', 'set', 'TOKEN'], 'token\n');
  }, 120_000);

  afterAll(async () => await project.stop());

  test('a first release serves from the first target group', { timeout: 240_000 }, async () => {
    const first = await deploy({ version: 'v1' });
    expect(first.stderr).toContain('story r1 serves');
    expect(first.exitCode).toBe(0);
    url = lastLine(first.stdout);
    expect(weights()).toEqual([100, 0]);
  });

  test('the next one from the other, proven there; no request fails meanwhile', { timeout: 240_000 }, async () => {
    const answers: number[] = [];
    let isOver = false;
    const asking = (async () => {
      while (!isOver) answers.push((await fetch(url)).status);
    })();
    const second = await deploy({ version: 'v2' });
    isOver = true;
    await asking;
    expect(second.exitCode).toBe(0);
    // Which of the stages are seen depends on how often is looked.
    expect(second.stderr).toMatch(/story-production-api: (new tasks start|traffic moves|all traffic has moved)/);
    expect(await serving()).toMatchObject({ version: 'v2', release: 'r2' });
    expect(weights()).toEqual([0, 100]);
    expect(new Set(answers)).toEqual(new Set([200]));
    expect((await project.agentctl(['status'])).stdout).toMatch(/api +1\/1/);
  });

  test(
    'a change of its routes would send all traffic to where no task is, and is refused',
    { timeout: 240_000 },
    async () => {
      await configure({ version: 'v2' }, { path: '/agent' });
      const refused = await project.agentctl(['deploy', '--yes']);
      expect(refused.exitCode).toBe(4);
      expect(refused.stderr).toContain('would send all traffic to where no task is');
      expect(await serving()).toMatchObject({ version: 'v2' });
    },
  );

  test(
    'one that crashes is stopped, where ECS would try for hours, and is no release',
    { timeout: 240_000 },
    async () => {
      const failed = await deploy({ version: 'v3', mode: 'crash' });
      expect(failed.exitCode).toBe(9);
      expect(failed.stderr).toContain('new tasks have failed, so its rollout is stopped');
      expect(failed.stderr).toContain('app v3: cannot load the model');
      expect(failed.stderr).toContain('r2 still serves');
      expect(await serving()).toMatchObject({ version: 'v2', release: 'r2' });
      expect(weights()).toEqual([0, 100]);
    },
  );

  test('a rollback is a rollout as well', { timeout: 240_000 }, async () => {
    expect((await project.agentctl(['rollback', '--yes'])).exitCode).toBe(0);
    expect(await serving()).toMatchObject({ version: 'v1' });
    expect(weights()).toEqual([100, 0]);
  });

  test(
    'a part goes when no release uses it any more, and its data only when that is allowed',
    { timeout: 240_000 },
    async () => {
      await configure({ version: 'v5' }, { queue: false });
      const refused = await project.agentctl(['deploy', '--yes']);
      expect(refused.exitCode).toBe(4);
      expect(refused.stderr).toContain('--allow-replace Queue --allow-replace QueueDeadLetters');
      const allowed = ['--allow-replace', 'Queue', '--allow-replace', 'QueueDeadLetters'];
      const gone = await project.agentctl(['deploy', '--yes', ...allowed]);
      expect(gone.exitCode).toBe(0);
      expect(await serving()).toMatchObject({ version: 'v5' });
      const stacks = [...project.fake.world.state(cloudFormationState).stacks.values()];
      const foundation = stacks.find(({ name }) => name === 'story-production-foundation');
      expect([...(foundation?.resources.keys() ?? [])]).not.toContain('Queue');
      expect((await project.agentctl(['deploy', '--yes'])).stderr).toContain('nothing to do');
    },
  );
});
