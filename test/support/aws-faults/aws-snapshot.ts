import type { ReleaseRecord } from '../../../cli/ledger/release-record.js';
import { cloudFormationState } from '../fake-aws/services/cloudformation/cloudformation-state.js';
import { ecsState } from '../fake-aws/services/ecs/ecs-state.js';
import { rdsState } from '../fake-aws/services/rds/rds-state.js';
import { s3State } from '../fake-aws/services/s3/s3-state.js';
import { ask } from '../local-traffic.js';
import { awsFaultAgent } from './aws-fault-agent.js';
import type { AwsFaultStage } from './aws-fault-stage.js';

/** What is in the database of a stage. */
export interface SchemaFacts {
  readonly head: number;
  /** Tables that migrations have made, and heads that they have recorded: both or neither. */
  readonly tables: readonly number[];
  readonly recorded: readonly number[];
  readonly rows: ReadonlySet<string>;
}

/** Everything that is looked at between two runs; the fake is asked, not AWS, so that no call is counted. */
export interface AwsSnapshot {
  readonly url: string | undefined;
  /** What the public address answers with. */
  readonly body: string | undefined;
  readonly tokenDigest: string | undefined;
  readonly ledger: readonly ReleaseRecord[];
  /** Text of the lock. */
  readonly lock: string | undefined;
  /** Status by name. */
  readonly stacks: ReadonlyMap<string, string>;
  /** Change sets that wait for nobody. */
  readonly changeSets: readonly string[];
  /** Tasks that belong to no service, and those of services beyond what is desired. */
  readonly looseTasks: readonly string[];
  /** Active task definitions that no stack has. */
  readonly looseDefinitions: readonly string[];
  /** Image digest of each task that a service runs. */
  readonly running: readonly string[];
  readonly database: SchemaFacts | undefined;
  readonly acknowledged: readonly string[];
}

const prefix = `${awsFaultAgent}/production/`;

/** Looks at a stage. */
export async function takeAwsSnapshot({ project, prober }: AwsFaultStage): Promise<AwsSnapshot> {
  const { world } = project.fake;
  const acknowledged = prober.acknowledged();
  const cloudFormation = world.state(cloudFormationState);
  const stacks = [...cloudFormation.stacks.values()].filter(({ status }) => status !== 'DELETE_COMPLETE');
  const owned = new Set(stacks.flatMap(({ resources }) => [...resources.values()].map((one) => one.physicalId)));
  const objects = stateObjects(project.fake.world);
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
    stacks: new Map(stacks.map(({ name, status }) => [name, status])),
    changeSets: [...cloudFormation.changeSets.values()]
      .filter(({ stack, executionStatus }) => stack.status !== 'DELETE_COMPLETE' && executionStatus === 'AVAILABLE')
      .map(({ name, stack }) => `${stack.name}: ${name}`),
    looseTasks: tasks.filter(({ group }) => !group.startsWith('service:')).map(({ arn, group }) => `${arn} (${group})`),
    looseDefinitions: [...ecs.taskDefinitions.all.values()]
      .filter(({ status }) => status === 'ACTIVE')
      .map(({ taskDefinitionArn = '' }) => taskDefinitionArn)
      .filter((arn) => !owned.has(arn)),
    running: tasks.flatMap(({ group, containers }) =>
      group.startsWith('service:') ? containers.map(({ imageDigest = '' }) => imageDigest) : [],
    ),
    database: await schemaFacts(world),
    acknowledged,
  };
}

type World = AwsFaultStage['project']['fake']['world'];

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
export function orphanAwsLock({ project }: AwsFaultStage): void {
  const s3 = project.fake.world.state(s3State);
  for (const bucket of s3.buckets.values()) {
    const key = `${prefix}lock.json`;
    const lock = s3.current(bucket, key);
    if (lock === undefined) continue;
    const holder = JSON.parse(lock.body.toString('utf8')) as object;
    s3.put(bucket, key, { body: Buffer.from(JSON.stringify({ ...holder, processStart: 'ended' })) });
  }
}

async function schemaFacts(world: World): Promise<SchemaFacts | undefined> {
  const [instance] = world.state(rdsState).instances.values();
  if (instance?.server === undefined) return undefined;
  const client = await instance.server.session('faults').catch(() => undefined);
  if (client === undefined) return undefined;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    const { rows } = await client.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    const names = rows.map(({ name }) => name);
    const recorded = names.includes('heads')
      ? (await client.query<{ head: number }>('SELECT head FROM heads ORDER BY head')).rows.map(({ head }) => head)
      : [];
    const notes = names.includes('notes')
      ? (await client.query<{ text: string }>('SELECT text FROM notes')).rows.map(({ text }) => text)
      : [];
    const made = names.filter((name) => name.startsWith('head_')).map((name) => Number(name.slice('head_'.length)));
    return {
      head: recorded.at(-1) ?? 0,
      tables: made.toSorted((a, b) => a - b),
      recorded,
      rows: new Set(notes),
    };
  } finally {
    await client.end();
  }
}

/** The release that the ledger says serves. */
export function recordedServing({ ledger }: AwsSnapshot): ReleaseRecord | undefined {
  return ledger.findLast(({ outcome }) => outcome === 'released');
}
