import { expect, test } from 'vitest';
import { eventually } from '../../../support/eventually.js';
import { helloApp, pushApp } from '../../../support/fake-aws/fake-app.js';
import { fakeTiming } from '../../../support/fake-aws/fake-timing.js';
import { makeWebService } from '../../../support/fake-aws/web-service.js';
import { awsForFile } from './aws-on-the-fake.js';

const { fake, aws, signal } = await awsForFile();
const cluster = 'stage';
const digestIn = (image: string): string | undefined => image.split('@')[1];
fake.world.state(fakeTiming).longestGraceSeconds = 2;

test('a rollout: what runs, which digest, what the load balancer thinks of it; then one that fails, and why', async () => {
  const one = await pushApp(fake.world, { source: helloApp('one') });
  const web = await makeWebService(fake.world, one);
  const [service, ...others] = await aws.services.states(cluster, ['nope', 'web'], signal);
  expect(others).toEqual([]);
  expect(service).toMatchObject({
    name: 'web',
    status: 'ACTIVE',
    desired: 2,
    running: 2,
    targetGroups: [web.targetGroupArn],
    deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED', failed: 0 }],
  });
  expect(service?.events[0]).toMatchObject({ message: '(service web) has reached a steady state.' });

  const two = await pushApp(fake.world, { source: helloApp('two') });
  await web.roll(two);
  const tasks = await aws.services.tasks(cluster, 'web', signal);
  expect(tasks.map(({ containers }) => containers[0]?.digest)).toEqual([digestIn(two), digestIn(two)]);
  expect(await aws.services.rollouts(cluster, 'web', signal)).toMatchObject([
    { status: 'SUCCESSFUL' },
    { status: 'SUCCESSFUL' },
  ]);
  const targets = await aws.services.targets(web.targetGroupArn, signal);
  expect(targets.filter(({ state }) => state === 'healthy')).toHaveLength(2);
  // What was replaced was told to stop: nothing is wrong with it.
  expect(await aws.services.diagnosis(cluster, 'web', signal)).toEqual([]);

  const three = await pushApp(fake.world, { source: `console.error('no model is set'); process.exit(7)` });
  await expect(web.roll(three)).rejects.toThrow('Circuit Breaker');
  await eventually(
    async () => (await aws.services.rollouts(cluster, 'web', signal))[0]?.status === 'ROLLBACK_SUCCESSFUL',
  );
  const [newest] = await aws.services.rollouts(cluster, 'web', signal);
  expect(newest?.reason).toContain('tasks failed to start');
  const stopped = await aws.services.stoppedTasks(cluster, 'web', signal);
  // The newest may be one that the rollback stopped.
  const failed = stopped.find(({ stopCode }) => stopCode === 'EssentialContainerExited');
  expect(failed).toMatchObject({ containers: [{ exitCode: 7 }] });
  const diagnosis = await aws.services.diagnosis(cluster, 'web', signal);
  expect(diagnosis).toContainEqual(expect.stringMatching(/^task [0-9a-f]{32} stopped: .*web: exited with code 7$/));
  expect(diagnosis).toContain('  no model is set');
  // Tasks of one service fail alike: one of them is shown.
  expect(diagnosis.filter((line) => line.startsWith('task '))).toHaveLength(1);
  const serving = await aws.services.tasks(cluster, 'web', signal);
  expect(serving.map(({ containers }) => containers[0]?.digest)).toEqual([digestIn(two), digestIn(two)]);
});

test('what is not there: no services, no tasks, no targets', async () => {
  expect(await aws.services.states('nope', ['web'], signal)).toEqual([]);
  expect(await aws.services.diagnosis('nope', 'web', signal)).toEqual([]);
  const gone = fake.world.arn('elasticloadbalancing', 'targetgroup/gone/0123456789abcdef');
  expect(await aws.services.targets(gone, signal)).toEqual([]);
});
