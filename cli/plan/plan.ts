import { createHash } from 'node:crypto';
import * as z from 'zod';
import { AgentctlError } from '../errors.js';

/** Bumped when a plan written by an older agentctl can no longer be run as it stands. */
export const planVersion = 1;

const plannedStep = z.strictObject({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  inputs: z.unknown(),
  needs: z.array(z.string()).readonly(),
});
export type PlannedStep = z.output<typeof plannedStep>;

const recovery = z.strictObject({
  /** The failure of one of these, once started, leads to `steps`; an interruption too, unless it is outlived. */
  when: z.array(z.string()).readonly(),
  /** Once this step has succeeded there is no way back: what comes after it only tidies up. Null: there always is. */
  until: z.string().nullable(),
  /** What serves again afterwards; null when there is nothing to return to (a first deploy). */
  returnsTo: z.string().nullable(),
  /** An interrupt is no failure: what was begun goes on without the run, and `resume` takes it up. @default false */
  outlivesInterrupt: z.boolean().optional(),
  steps: z.array(plannedStep).readonly(),
});

const resourceChange = z.strictObject({
  logicalId: z.string(),
  type: z.string(),
  /** Names of the properties that differ; empty for a resource that is new or gone. */
  properties: z.array(z.string()).readonly(),
});
export type ResourceChange = z.output<typeof resourceChange>;

const resourceChanges = z.array(resourceChange).readonly();
const stackChanges = z.strictObject({
  stack: z.string(),
  /** There is no such stack yet: everything in it is added, and permitted for the first time. */
  isNew: z.boolean(),
  created: resourceChanges,
  changed: resourceChanges,
  replaced: resourceChanges,
  removed: resourceChanges,
  /** One line for each permission that is wider than before. */
  iamWidening: z.array(z.string()).readonly(),
});
/** What a step does to the resources of one stack, as far as it is known when the plan is made. */
export type StackChanges = z.output<typeof stackChanges>;

export const planSchema = z.strictObject({
  planVersion: z.literal(planVersion),
  action: z.enum(['deploy', 'migrate', 'rollback', 'rotate', 'backup', 'restore', 'destroy']),
  /** Names what the plan creates on the way: tasks, journals. */
  runId: z.string(),
  madeAt: z.iso.datetime(),
  target: z.string(),
  stage: z.string(),
  name: z.string(),
  specHash: z.string(),
  /** What was there when the plan was made. Running the plan against anything else is refused. */
  base: z.strictObject({ release: z.string().nullable() }),
  /** The release this plan creates; null when it creates none. */
  release: z.string().nullable(),
  steps: z.array(plannedStep).readonly(),
  recovery: recovery.nullable(),
  /** For people, and for whoever has to agree. @default - the target has no resources that are declared */
  changes: z.array(stackChanges).readonly().optional(),
});
/** What will be done, as data: secrets appear by name only. Printing it and running it are two readers. */
export type Plan = z.output<typeof planSchema>;

/** Identifies a plan by content, so that a journal can say which plan it belongs to. */
export function planHash(value: Plan): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** @throws PlanInvalid when the text is not a plan this version can run. */
export function parsePlan(text: string, source: string): Plan {
  if (text === '') throw planInvalid(source, 'it is empty');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw planInvalid(source, 'it is not JSON', error);
  }
  const version = typeof value === 'object' && value !== null && 'planVersion' in value ? value.planVersion : undefined;
  if (typeof version === 'number' && version > planVersion) {
    throw new AgentctlError(
      'PlanInvalid',
      `the plan ${source} was written by a newer agentctl (planVersion ${version}, this one reads ${planVersion})`,
      { fix: 'update agentctl, or make a new plan with `agentctl deploy --plan-only -o plan.json`' },
    );
  }
  if (version !== planVersion) {
    throw planInvalid(source, `its planVersion is ${JSON.stringify(version)}, this agentctl reads ${planVersion}`);
  }
  const parsed = planSchema.safeParse(value);
  if (!parsed.success) throw planInvalid(source, z.prettifyError(parsed.error));
  return parsed.data;
}

function planInvalid(source: string, why: string, cause?: unknown): AgentctlError {
  return new AgentctlError('PlanInvalid', `cannot use the plan ${source}: ${why}`, {
    fix: 'make a new plan with `agentctl deploy --plan-only -o plan.json`',
    cause,
  });
}
