import * as z from 'zod';

const plannedValues = z.record(z.string(), z.unknown());
/** `true` for a value that is all of it sensitive or unknown, otherwise a structure like the value’s. */
const marks = z.union([z.boolean(), z.record(z.string(), z.unknown())]);

const resourceChange = z.object({
  address: z.string(),
  mode: z.string(),
  type: z.string(),
  /** Why it is this action: `replace_because_tainted`, … */
  action_reason: z.string().optional(),
  change: z.object({
    actions: z.array(z.string()),
    before: plannedValues.nullish(),
    after: plannedValues.nullish(),
    after_unknown: marks.default(false),
    before_sensitive: marks.default(false),
    after_sensitive: marks.default(false),
    replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).default([]),
  }),
});

/** One change of a plan. Has values, secret ones among them: they stay in this room. */
export type ResourceChange = z.output<typeof resourceChange>;

/** What `show -json` prints of a plan (developer.hashicorp.com/terraform/internals/json-format), as far as it is looked at. */
export const planContent = z.object({
  format_version: z.string().regex(/^1\./),
  resource_changes: z.array(resourceChange).default([]),
  output_changes: z.record(z.string(), z.object({ actions: z.array(z.string()) })).default({}),
  prior_state: z
    .object({
      values: z
        .object({ root_module: z.object({ resources: z.array(z.object({ mode: z.string() })).default([]) }) })
        .optional(),
    })
    .optional(),
});

/** A plan with its values. */
export type PlanContent = z.output<typeof planContent>;
