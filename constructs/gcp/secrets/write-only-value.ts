import { TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';

/** A value that gets to a write-only argument and nowhere else: neither into the plan nor into the state. */
export interface WriteOnlyValue {
  /** An expression such as `${var.postgres_password}`. */
  readonly value: string;
  /** Another number makes Terraform write the value again: it cannot see that it changed. */
  readonly version: number;
}

/** What {@link ephemeralValue} has to know. */
export interface EphemeralValueOptions {
  /** Name of the variable; Terraform takes the value from `TF_VAR_<name>`. */
  readonly name: string;
  readonly description: string;
  readonly version: number;
}

/** A variable whose value Terraform forgets when it ends (Terraform 1.11 and later, OpenTofu 1.11). */
export function ephemeralValue(scope: Construct, options: EphemeralValueOptions): WriteOnlyValue {
  const { name, description, version } = options;
  const variable = new TerraformVariable(scope, name, {
    type: 'string',
    sensitive: true,
    nullable: false,
    description,
  });
  variable.overrideLogicalId(name);
  // CDKTF has no prop for it.
  variable.addOverride('ephemeral', true);
  return { value: variable.stringValue, version };
}
