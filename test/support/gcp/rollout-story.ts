import type { RunEvent } from '../../../cli/engine/events.js';
import { execute, type RunResult } from '../../../cli/engine/execute.js';
import { parsePlan, type Plan } from '../../../cli/plan/plan.js';
import { gcpSteps } from '../../../cli/steps/gcp/index.js';
import type { GcpFacts } from '../../../cli/targets/gcp/gcp-facts.js';
import { planDeploy } from '../../../cli/targets/gcp/plan-deploy.js';
import { type AgentSpec, parseSpec } from '../../../stacks/spec/index.js';
import { CloudRunWorld } from './cloud-run-world.js';

const scope = { name: 'agent', stage: 'production' };
/** By digest; the digit tells images apart. */
export const imageOf = (digit: string): string => `us-central1-docker.pkg.dev/p/r/app@sha256:${digit.repeat(64)}`;

function specWith(digit: string): AgentSpec {
  const parsed = parseSpec(
    {
      name: 'agent',
      image: { ref: imageOf(digit) },
      secrets: ['KEY'],
      env: { KEY: '${secrets.KEY}', DB: '${postgres.url}' },
      services: {
        api: { port: 8000, routes: [{ path: '/' }], health: { readiness: '/health' } },
        worker: { command: ['work'] },
      },
      migrations: { command: ['migrate'] },
      postgres: { size: 'small' },
      clouds: { gcp: { project: 'acme-test', region: 'us-central1' } },
    },
    { stage: 'production', target: 'gcp' },
  );
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  return parsed.spec;
}

/** A stage in a {@link CloudRunWorld}, with an agent whose image is a digit. */
export class Story {
  readonly world = new CloudRunWorld();
  /** Of the run before. */
  readonly events: RunEvent[] = [];
  #runs = 0;

  constructor() {
    this.world.secrets.set('agentctl-agent-production-secrets-KEY', [{ value: 'canary-1', state: 'ENABLED' }]);
  }

  async facts(digit: string, isUnchanged = false): Promise<GcpFacts> {
    this.#runs += 1;
    const versions = [...this.world.secrets].map(
      ([name, all]) => [name, String(all.findLastIndex(({ state }) => state === 'ENABLED') + 1)] as const,
    );
    return {
      scope,
      project: 'acme-test',
      records: await this.world.ledger.list(),
      damaged: [],
      outputs: { ...this.world.outputs },
      databaseSuffix: undefined,
      versions: new Map(versions),
      lastVersions: new Map([...this.world.secrets].map(([name, all]) => [name, String(all.length)])),
      bakeSeconds: 0.01,
      user: 'ann',
      host: 'laptop',
      now: '2026-01-01T00:00:00.000Z',
      runId: `run-${this.#runs}`,
      sources: { '.': { content: `sha256:${digit}`, image: imageOf(digit) } },
      repository: null,
      git: undefined,
      isUnchanged,
      drops: [],
      changes: [],
    };
  }

  async plan(digit: string, isUnchanged = false): Promise<Plan> {
    return this.planWith(digit, await this.facts(digit, isUnchanged));
  }

  planWith(digit: string, facts: GcpFacts): Plan {
    return planDeploy({ spec: specWith(digit), stage: 'production', specHash: digit, facts, allowReplace: [] });
  }

  async deploy(digit: string): Promise<RunResult> {
    return await this.run(await this.plan(digit));
  }

  /** @param history - of the run that is gone on with; @default - it begins */
  async run(plan: Plan, history: readonly RunEvent[] = []): Promise<RunResult> {
    this.world.acts.length = 0;
    this.events.length = 0;
    const never = new AbortController().signal;
    return await execute(parsePlan(JSON.stringify(plan), 'plan.json'), {
      steps: gcpSteps,
      tools: this.world.tools(),
      runId: plan.runId,
      planHash: 'hash',
      history: [...history],
      signal: never,
      giveUp: never,
      concurrency: { total: 4 },
      emit: async (event) => await Promise.resolve(void this.events.push({ ...event, at: '2026-01-01T00:00:00.000Z' })),
      sleep: async () => await Promise.resolve(),
      random: () => 0,
    });
  }

  async outcomes(): Promise<readonly string[]> {
    return (await this.world.ledger.list()).map(({ id, outcome }) => `${id} ${outcome}`);
  }
}
