import type { ReleaseRecord } from '../../../cli/ledger/release-record.js';
import { cloudFormationState } from '../fake-aws/services/cloudformation/cloudformation-state.js';
import { ecsState } from '../fake-aws/services/ecs/ecs-state.js';
import { rdsState } from '../fake-aws/services/rds/rds-state.js';
import { s3State } from '../fake-aws/services/s3/s3-state.js';
import type { AwsProject } from '../aws-project.js';
import type { Prober } from '../faults/prober.js';
import { ask } from '../local-traffic.js';
import { faultAgent } from '../cloud-faults/fault-agent.js';
import type { CloudSnapshot } from '../cloud-faults/cloud-snapshot.js';
import { schemaFacts } from '../cloud-faults/schema-facts.js';

const bootstrapStack = 'agentctl-bootstrap';
const prefix = `${faultAgent}/production/`;

type World = AwsProject['fake']['world'];

/** Looks at a stage. */
export async function takeAwsSnapshot(world: World, prober: Prober): Promise<CloudSnapshot> {
  const acknowledged = prober.acknowledged();
  const cloudFormation = world.state(cloudFormationState);
  const stacks = [...cloudFormation.stacks.values()].filter(({ status }) => status !== 'DELETE_COMPLETE');
  const owned = new Set(stacks.flatMap(({ resources }) => [...resources.values()].map((one) => one.physicalId)));
  const objects = stateObjects(world);
  const url = stacks.flatMap(({ outputs }) => outputs).find(({ OutputKey }) => OutputKey === 'Url')?.OutputValue;
  const ecs = world.state(ecsState);
  const tasks = [...ecs.clusters.values()].flatMap((cluster) =>
    [...cluster.tasks.values()].filter(({ lastStatus }) => lastStatus !== 'STOPPED'),
  );
  const answer = url === undefined ? undefined : await ask(url);
  const token = url === undefined ? undefined : await ask(`${url}/token`);
  return {
    url,
    body: answer?.status === 200 ? answer.body : undefined,
    tokenDigest: token?.status === 200 ? token.body : undefined,
    ledger: [...objects]
      .filter(([key]) => /^releases\/r\d+\.json$/.test(key))
      .map(([, text]) => JSON.parse(text) as ReleaseRecord)
      .toSorted((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1))),
    lock: objects.get('lock.json'),
    isPrepared: stacks.some(({ name }) => name === bootstrapStack),
    isDeployed: stacks.some(({ name }) => name !== bootstrapStack),
    loose: [
      ...tasks
        .filter(({ group }) => !group.startsWith('service:'))
        .map(({ arn, group }) => `task ${arn} (${group}) still runs`),
      ...[...ecs.taskDefinitions.all.values()]
        .filter(({ status, taskDefinitionArn: arn = '' }) => status === 'ACTIVE' && !owned.has(arn))
        .map(({ taskDefinitionArn = '' }) => `${taskDefinitionArn} belongs to no stack`),
      ...[...cloudFormation.changeSets.values()]
        .filter(({ stack, executionStatus }) => stack.status !== 'DELETE_COMPLETE' && executionStatus === 'AVAILABLE')
        .map(({ name, stack }) => `change set ${stack.name}: ${name} is left`),
    ],
    busy: stacks.filter(({ status }) => status.endsWith('_IN_PROGRESS')).map(({ name }) => `${name} is still at work`),
    unsettled: stacks
      .filter(({ status }) => !/^(CREATE|UPDATE)_COMPLETE$/.test(status))
      .map(({ name, status }) => `stack ${name} is ${status}`),
    running: tasks.flatMap(({ group, containers }) =>
      group.startsWith('service:') ? containers.map(({ imageDigest = '' }) => imageDigest) : [],
    ),
    database: await schemaFacts([...world.state(rdsState).instances.values()][0]?.server),
    acknowledged,
  };
}

/** Texts of the stage's objects in the state bucket, by key without the stage. */
function stateObjects(world: World): ReadonlyMap<string, string> {
  const s3 = world.state(s3State);
  return new Map(
    [...s3.buckets.values()].flatMap((bucket) =>
      [...bucket.objects.keys()].flatMap((key): [string, string][] => {
        const version = key.startsWith(prefix) ? s3.current(bucket, key) : undefined;
        return version === undefined ? [] : [[key.slice(prefix.length), version.body.toString('utf8')]];
      }),
    ),
  );
}

/** A run in this process has left its lock: as it would be of a process that has ended since. */
export function orphanAwsLock(world: World): void {
  const s3 = world.state(s3State);
  for (const bucket of s3.buckets.values()) {
    const key = `${prefix}lock.json`;
    const lock = s3.current(bucket, key);
    if (lock === undefined) continue;
    const holder = JSON.parse(lock.body.toString('utf8')) as object;
    s3.put(bucket, key, { body: Buffer.from(JSON.stringify({ ...holder, processStart: 'ended' })) });
  }
}
