import { createHash } from 'node:crypto';
import { AgentctlError } from '../../../cli/errors.js';
import { migrationJobOutput, serviceNameOutput, serviceRevisionOutput } from '../../../stacks/gcp/outputs.js';
import { type StackKind, workloadName } from '../../../stacks/gcp/naming.js';
import { imageSourceOf, workloadsOf } from '../../../stacks/spec/index.js';
import { objectLedger } from '../../../cli/ledger/object-ledger.js';
import type { StageRequest } from '../../../cli/steps/gcp/stage-request.js';
import type { GcpStepTools } from '../../../cli/steps/gcp/gcp-step-tools.js';
import type { EndedExecution, ExecutionState } from '../../../cli/tools/gcp/jobs/job-tools.js';
import type { AnswerCounts } from '../../../cli/tools/gcp/monitoring/monitoring-tools.js';
import type { RevisionState, ServedRevision, ServiceState } from '../../../cli/tools/gcp/services/service-tools.js';
import { MemoryObjectStore } from '../memory-object-store.js';
import { MemoryDatabase } from './memory-database.js';

interface Service {
  traffic: ServedRevision[];
  readonly revisions: Map<string, RevisionState>;
  latestReady: string | null;
}

const ready = { state: 'true', reason: null, message: null } as const;
const failed = {
  state: 'false',
  reason: 'HealthCheckContainerFailed',
  message: 'the container did not listen',
} as const;

/**
 * Cloud Run, Secret Manager and Terraform in memory, with the behaviour that a rollout depends on: a revision is made without
 * traffic once the traffic is pinned, one that does not come up fails the apply and stays, and a name means one content.
 */
export class CloudRunWorld {
  readonly services = new Map<string, Service>();
  readonly secrets = new Map<string, { value: string; state: 'ENABLED' | 'DISABLED' }[]>();
  readonly executions: EndedExecution[] = [];
  readonly store = new MemoryObjectStore();
  readonly ledger = objectLedger({ store: this.store, key: 'releases/' });
  /** What was done, in order: `traffic api r2=10,r1=90`. */
  readonly acts: string[] = [];
  /** Digests of images that never come up, and of those that do not answer once they get traffic. */
  readonly broken = new Set<string>();
  readonly failsUnderTraffic = new Set<string>();
  /** What Cloud Monitoring has counted, by the image of the revision; nothing of the others. */
  readonly counted = new Map<string, AnswerCounts>();
  readonly database = new MemoryDatabase(this.acts);
  /** Exit code of the migrations. */
  migrationExitCode = 0;
  readonly outputs: Partial<Record<StackKind, Record<string, string>>> = {};
  readonly #requests = new Map<string, StageRequest>();

  /** What steps reach it through. */
  tools(): GcpStepTools {
    const unused = (): never => {
      throw new Error('not in this world');
    };
    return {
      projectDirectory: '/',
      images: { find: unused, build: unused, resolve: async ({ ref }) => await Promise.resolve(resolved(ref)) },
      ledger: this.ledger,
      certificates: { problem: unused, make: unused },
      random: (bytes) => new Uint8Array(bytes).fill(7),
      sleep: async () => await Promise.resolve(),
      probe: async (url, _signal, headers = {}) => await Promise.resolve(this.#answer(headers)),
      synth: {
        narrowed: async (configuration, _there, use) => await use(configuration),
        united: async ({ after }, use) => await use(after, false),
        assembly: async (request) => {
          const id = `/synth/${this.#requests.size}`;
          // What is synthesized is what the step asked for.
          this.#requests.set(id, request as StageRequest);
          return await Promise.resolve({ directory: id, template: unused });
        },
      },
      terraform: {
        program: unused,
        changes: unused,
        unlock: unused,
        outputs: unused,
        resources: async () => await Promise.resolve(['x']),
        destroy: async ({ stack }) => {
          this.acts.push(`destroy ${stack.name}`);
          if (stack.name === 'service') this.services.clear();
          return await Promise.resolve({ changed: true });
        },
        deploy: async ({ stack }) => {
          const request = this.#requests.get(stack.configuration.split('/').slice(0, 3).join('/'));
          if (request === undefined) throw new Error(`nothing was synthesized to ${stack.configuration}`);
          const variables = Object.keys(stack.variables ?? {});
          this.acts.push(`apply ${stack.name}${variables.length === 0 ? '' : ` (${variables.join()})`}`);
          return await Promise.resolve({ changed: true, outputs: this.#apply(stack.name, request) });
        },
      },
      gcp: {
        pollSeconds: 0.001,
        account: { identity: unused },
        bootstrap: {
          bucket: unused,
          createBucket: unused,
          secureBucket: unused,
          enabledServices: unused,
          enableServices: unused,
        },
        identity: {
          pool: unused,
          createPool: unused,
          undeletePool: unused,
          provider: unused,
          putProvider: unused,
          hasAccount: unused,
          createAccount: unused,
          usersOf: unused,
          letUse: unused,
          grantsOf: unused,
          grant: unused,
        },
        state: { bucketName: 'state', exists: unused, terraformOutputs: unused, objects: this.store },
        registry: { login: unused, repository: unused, images: unused },
        database: this.database,
        redis: { password: async (instance) => await Promise.resolve(`password of ${instance}`) },
        logs: { lines: () => noLines() },
        monitoring: { answers: async ({ revision }) => await Promise.resolve(this.#counted(revision)) },
        secrets: this.#secretTools(),
        jobs: this.#jobTools(),
        services: this.#serviceTools(),
      },
    };
  }

  /** Percent by revision, without the name of the service: `{ 'r1': 100 }`. */
  split(service: string): Record<string, number> {
    const served = this.services.get(service)?.traffic.filter(({ percent }) => percent > 0) ?? [];
    return Object.fromEntries(served.map(({ revision, percent }) => [releaseOf(revision), percent]));
  }

  tagged(service: string): string | undefined {
    const found = this.services.get(service)?.traffic.find(({ tag }) => tag === 'candidate');
    return found && releaseOf(found.revision);
  }

  #apply(kind: string, request: StageRequest): Record<string, string> {
    const { spec, stage } = request;
    const scope = { name: spec.name, stage };
    if (kind === 'foundation') {
      return (this.outputs.foundation = {
        ProjectNumber: '1',
        RepositoryUri: 'us-central1-docker.pkg.dev/p/r',
        Url: 'http://203.0.113.7',
        PostgresHost: '10.0.0.3',
        PostgresPort: '5432',
        PostgresCaCert: 'pem',
        PostgresInstanceId: 'db',
        CacheHost: '10.0.0.4',
        CachePort: '6379',
        CacheCaCert: 'pem',
        CacheInstanceId: 'projects/p/locations/r/instances/cache',
        NetworkId: 'n',
        RunSubnetworkId: 's',
      });
    }
    if (kind === 'migrations') {
      const names = spec.migrations.map(({ name }) => [migrationJobOutput(name), workloadName(scope, name)]);
      return (this.outputs.migrations = Object.fromEntries(names));
    }
    const outputs: Record<string, string> = {};
    const problems: string[] = [];
    for (const workload of workloadsOf(spec).filter((one) => one.kind === 'service')) {
      const runName = workloadName(scope, workload.name);
      const image = request.images[imageSourceOf(spec, workload)] ?? '';
      const content = createHash('sha256')
        .update(JSON.stringify([image, request.secretVersions]))
        .digest('hex');
      const revision = `${runName}-${request.release}-${content.slice(0, 6)}`;
      outputs[serviceNameOutput(workload.name)] = runName;
      outputs[serviceRevisionOutput(workload.name)] = revision;
      const service = this.services.get(runName) ?? {
        traffic: [{ revision: '', percent: 100, tag: null, isLatest: true }],
        revisions: new Map(),
        latestReady: null,
      };
      this.services.set(runName, service);
      const isUp = !this.broken.has(image);
      service.revisions.set(revision, {
        name: revision,
        image,
        digest: image.slice(image.indexOf('@') + 1),
        condition: isUp ? ready : failed,
        createdAt: null,
        definition: { annotations: {}, spec: {} },
      });
      if (!isUp) problems.push(`${runName} is not ready`);
      else {
        service.latestReady = revision;
        service.traffic = service.traffic.map((one) => (one.isLatest ? { ...one, revision } : one));
      }
    }
    if (problems.length > 0)
      throw new AgentctlError('StepFailed', problems.join('; '), { fix: 'mend it and deploy again' });
    return (this.outputs.service = outputs);
  }

  #counted(name: string): AnswerCounts {
    const found = [...this.services.values()].flatMap(({ revisions }) => revisions.get(name) ?? [])[0];
    return this.counted.get(found?.image ?? '') ?? { answers: 0, serverErrors: 0 };
  }

  #serviceTools(): GcpStepTools['gcp']['services'] {
    return {
      state: async (_kind, name) => await Promise.resolve(this.#state(name)),
      revision: async (_kind, name) =>
        await Promise.resolve([...this.services.values()].flatMap(({ revisions }) => revisions.get(name) ?? [])[0]),
      revisions: async (service) => await Promise.resolve([...(this.services.get(service)?.revisions.values() ?? [])]),
      moveTraffic: async ({ name, to }) => {
        const service = this.services.get(name);
        const missing = Object.keys(to).find(
          (revision) => service?.revisions.get(revision)?.condition.state !== 'true',
        );
        if (service === undefined || missing !== undefined) {
          throw new AgentctlError('ToolFailed', `Revision '${missing}' is not ready and cannot serve traffic`, {
            fix: '',
          });
        }
        const split = Object.entries(to).map(([revision, percent]) => ({
          revision,
          percent,
          tag: null,
          isLatest: false,
        }));
        service.traffic = [
          ...split,
          ...service.traffic.filter(({ tag }) => tag !== null).map((one) => ({ ...one, percent: 0 })),
        ];
        this.acts.push(
          `traffic ${name} ${split.map(({ revision, percent }) => `${releaseOf(revision)}=${percent}`).join()}`,
        );
        await Promise.resolve();
      },
      setTag: async (name, tag, revision) => {
        const service = this.services.get(name);
        if (service === undefined) throw new Error(`no service ${name}`);
        service.traffic = service.traffic.filter((one) => one.tag !== tag);
        if (revision !== null) service.traffic.push({ revision, percent: 0, tag, isLatest: false });
        await Promise.resolve();
      },
      remove: async (_kind, name) => {
        this.services.delete(name);
        this.acts.push(`remove ${name}`);
        await Promise.resolve();
      },
    };
  }

  #state(name: string): ServiceState | undefined {
    const service = this.services.get(name);
    if (service === undefined) return undefined;
    const { traffic, latestReady, revisions } = service;
    return {
      name,
      url: null,
      traffic,
      latestReady,
      latestCreated: [...revisions.keys()].at(-1) ?? null,
      condition: ready,
    };
  }

  #secretTools(): GcpStepTools['gcp']['secrets'] {
    const of = (name: string) => this.secrets.get(name) ?? [];
    const newest = (name: string): string | undefined => {
      const index = of(name).findLastIndex(({ state }) => state === 'ENABLED');
      return index === -1 ? undefined : String(index + 1);
    };
    const put = (name: string, value: string): string => {
      const current = newest(name);
      if (current !== undefined && of(name)[Number(current) - 1]?.value === value) return current;
      this.secrets.set(name, [...of(name), { value, state: 'ENABLED' }]);
      return String(of(name).length);
    };
    return {
      put: async ({ name, value }) => await Promise.resolve(put(name, value)),
      ensure: async ({ name, value }) => await Promise.resolve(newest(name) ?? put(name, value())),
      read: async (name, _signal, version = newest(name) ?? '0') =>
        await Promise.resolve(of(name)[Number(version) - 1]?.value),
      versions: async (name) =>
        await Promise.resolve(
          of(name)
            .map(({ state }, index) => ({ version: String(index + 1), state }))
            .toReversed(),
        ),
      current: async (name) => await Promise.resolve(newest(name)),
      list: async (prefix) => await Promise.resolve([...this.secrets.keys()].filter((name) => name.startsWith(prefix))),
      enable: async (name, version) => {
        const secret = of(name)[Number(version) - 1];
        if (secret !== undefined) secret.state = 'ENABLED';
        await Promise.resolve();
      },
      disable: async (name, version) => {
        const secret = of(name)[Number(version) - 1];
        if (secret !== undefined) secret.state = 'DISABLED';
        await Promise.resolve();
      },
      destroy: async () => await Promise.resolve(),
      remove: async (name) => {
        this.secrets.delete(name);
        await Promise.resolve();
      },
    };
  }

  #jobTools(): GcpStepTools['gcp']['jobs'] {
    const of = (job: string): readonly ExecutionState[] => this.executions.filter((one) => one.job === job);
    return {
      executions: async (job) => await Promise.resolve(of(job)),
      execute: async ({ job, attempt }) => {
        const known = of(job).find((one) => one.attempt === attempt && one.condition.state !== 'false');
        if (known !== undefined) return await Promise.resolve(known);
        const { migrationExitCode: exitCode } = this;
        const made = {
          name: `${job}-${this.executions.length + 1}`,
          job,
          attempt,
          condition: exitCode === 0 ? ready : { ...failed, message: `exited with code ${exitCode}` },
          isCancelled: false,
          createdAt: null,
          endedAt: null,
          exitCode,
        };
        this.executions.push(made);
        this.acts.push(`execute ${job}`);
        return await Promise.resolve(made);
      },
      wait: async ({ execution, onLine }) => {
        await onLine?.('Running upgrade a -> 3f2a91, title');
        return this.executions.find(({ name }) => name === execution);
      },
      cancel: async () => await Promise.resolve(),
      create: async () => await Promise.resolve(),
      remove: async () => await Promise.resolve(),
    };
  }

  /** Like the load balancer: the header leads to what has the tag, otherwise the share decides; the worst answer is told. */
  #answer(headers: Readonly<Record<string, string>>) {
    const isCandidate = 'x-agentctl-candidate' in headers;
    const asked = [...this.services.values()].flatMap(({ traffic, revisions }) =>
      traffic
        .filter(({ tag, percent }) => (isCandidate ? tag === 'candidate' : percent > 0))
        .flatMap(({ revision }) => revisions.get(revision) ?? []),
    );
    const isBad = !isCandidate && asked.some(({ image }) => this.failsUnderTraffic.has(image));
    return { kind: 'answered', status: isBad ? 503 : 200, release: undefined, body: '' } as const;
  }
}

/** `support-agent-production-api-r2-1a2b3c` is of r2. */
function releaseOf(revision: string): string {
  return /-(r\d+)-[0-9a-f]{6}$/.exec(revision)?.[1] ?? revision;
}

function resolved(ref: string) {
  return { digest: ref.slice(ref.indexOf('@') + 1), image: ref, platform: 'linux/amd64', reused: true };
}

async function* noLines(): AsyncIterable<never> {}
