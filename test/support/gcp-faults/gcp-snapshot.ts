import type { ReleaseRecord } from '../../../cli/ledger/release-record.js';
import type { CloudSnapshot } from '../cloud-faults/cloud-snapshot.js';
import { faultAgent } from '../cloud-faults/fault-agent.js';
import { schemaFacts } from '../cloud-faults/schema-facts.js';
import type { FakeWorld } from '../fake-gcp/fake-world.js';
import { runState } from '../fake-gcp/services/run/run-state.js';
import type { Workload } from '../fake-gcp/services/run/workload.js';
import { databaseState } from '../fake-gcp/services/sql/database-state.js';
import { storageState } from '../fake-gcp/services/storage/storage-state.js';
import { resourceStore } from '../fake-gcp/services/terraform/resource-store.js';
import type { Prober } from '../faults/prober.js';
import { ask } from '../local-traffic.js';

const prefix = `${faultAgent}/production/`;

/** Looks at a stage. */
export async function takeGcpSnapshot(world: FakeWorld, prober: Prober): Promise<CloudSnapshot> {
  const acknowledged = prober.acknowledged();
  const run = world.state(runState);
  const services = [...run.services.values()];
  const instances = [...world.state(databaseState).instances.values()];
  const store = world.state(resourceStore);
  const objects = stateObjects(world);
  const [address] = [...store.of('google_compute_global_address').values()]
    .map((one) => String(one['address']))
    .filter((one) => one.startsWith('127.'));
  const url = address === undefined ? undefined : `http://${address}`;
  const answer = url === undefined ? undefined : await ask(url);
  const token = url === undefined ? undefined : await ask(`${url}/token`);
  const owned = new Set([...store.of('google_cloud_run_v2_job').values()].map(({ name }) => String(name)));
  const executions = [...run.jobs.values()].flatMap((job) => [...job.executions.values()]);
  return {
    url,
    body: answer?.status === 200 ? answer.body : undefined,
    tokenDigest: token?.status === 200 ? token.body : undefined,
    ledger: [...objects]
      .filter(([key]) => /^releases\/r\d+\.json$/.test(key))
      .map(([, text]) => JSON.parse(text) as ReleaseRecord)
      .toSorted((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1))),
    lock: objects.get('lock.json'),
    isPrepared: world.state(storageState).buckets.size > 0,
    isDeployed: services.length > 0 || instances.length > 0,
    loose: [
      ...executions.flatMap(({ name, endedAt }) => (endedAt === undefined ? [`execution ${name} still runs`] : [])),
      ...[...run.jobs.keys()].filter((name) => !owned.has(name)).map((name) => `job ${name} belongs to no state`),
      ...services.flatMap(taggedOnly),
    ],
    toolLocks: [...objects.keys()].filter((key) => key.endsWith('.tflock')).map((key) => `${key} is left`),
    busy: [],
    unsettled: services.flatMap(splitTraffic),
    running: services.flatMap((service) => servingRevisions(service).map(digestOf)),
    database: await schemaFacts(instances[0]?.server),
    acknowledged,
  };
}

type ServingRevision = ReturnType<Workload['revisions']['get']>;

function servingRevisions({ traffic, revisions }: Workload): readonly ServingRevision[] {
  return traffic.filter(({ percent = 0 }) => percent > 0).map(({ revisionName = '' }) => revisions.get(revisionName));
}

function digestOf(revision: ServingRevision): string {
  return revision?.imageDigest?.split('@')[1] ?? 'unknown';
}

/** A revision with a tag keeps its instances. */
function taggedOnly(service: Workload): readonly string[] {
  const serving = new Set(servingRevisions(service).map((revision) => revision?.name));
  return service.traffic.flatMap(({ tag, revisionName }) =>
    tag === undefined || serving.has(revisionName) ? [] : [`${revisionName} has the tag ${tag} and serves nobody`],
  );
}

function splitTraffic(service: Workload): readonly string[] {
  const targets = service.traffic.filter(({ percent = 0 }) => percent > 0);
  if (targets.length === 1 && targets[0]?.latestRevision !== true) return [];
  return [`the traffic of ${service.name} is not pinned to one revision`];
}

/** Texts of the stage's objects in the state bucket, by key without the stage. */
function stateObjects(world: FakeWorld): ReadonlyMap<string, string> {
  return new Map(
    [...world.state(storageState).buckets.values()].flatMap(({ live }) =>
      [...live.values()].flatMap(({ name, data }): [string, string][] =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), data.toString('utf8')]] : [],
      ),
    ),
  );
}

/** A run in this process has left its lock: as it would be of a process that has ended since. */
export function orphanGcpLock(world: FakeWorld): void {
  const storage = world.state(storageState);
  for (const bucket of storage.buckets.values()) {
    const lock = bucket.live.get(`${prefix}lock.json`);
    if (lock === undefined) continue;
    const holder = JSON.parse(lock.data.toString('utf8')) as object;
    storage.put(bucket, lock.name, Buffer.from(JSON.stringify({ ...holder, processStart: 'ended' })));
  }
}
