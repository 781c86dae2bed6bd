import * as z from 'zod';
import { runTerraform, type TerraformPlace } from './run-terraform.js';
import { showStateArguments } from './terraform-commands.js';

/** A resource that is there, and whose creation was not seen to succeed: Terraform's way is to replace it. */
export interface TaintedResource {
  /** `google_sql_database_instance.Postgres`. */
  readonly address: string;
  readonly type: string;
  /** Its argument `name`; null when it has none. */
  readonly name: string | null;
}

/** What `show -json` prints of a state (developer.hashicorp.com/terraform/internals/json-format), as far as it is of use here. */
const stateAnswer = z.object({
  values: z
    .object({
      root_module: z.object({
        resources: z
          .array(
            z.object({
              address: z.string(),
              mode: z.string(),
              type: z.string(),
              tainted: z.boolean().default(false),
              values: z.record(z.string(), z.unknown()).nullish(),
            }),
          )
          .default([]),
      }),
    })
    .optional(),
});

/** What a state has of these types that is tainted. Ours have no modules. */
export async function taintedResources(
  place: TerraformPlace,
  types: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<readonly TaintedResource[]> {
  const { stdout } = await runTerraform(place, showStateArguments, { signal, phase: 'other' });
  const resources = stateAnswer.parse(JSON.parse(stdout)).values?.root_module.resources ?? [];
  return resources
    .filter(({ mode, type, tainted }) => mode === 'managed' && tainted && types.has(type))
    .map(({ address, type, values }) => {
      const name = values?.['name'];
      return { address, type, name: typeof name === 'string' ? name : null };
    });
}
