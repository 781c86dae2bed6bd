import type { Output } from '@aws-sdk/client-cloudformation';
import { evaluate, isMet, type Scope } from './intrinsics.js';
import type { CloudFormationState } from './cloudformation-state.js';
import type { Stack } from './stack.js';

/** Outputs of a template whose resources are there. */
export function outputsOf(scope: Scope): Output[] {
  return Object.entries(scope.template.Outputs).flatMap(([key, output]) => {
    if (output.Condition !== undefined && !isMet(output.Condition, scope)) return [];
    const value = evaluate(output.Value, scope);
    if (typeof value === 'object') throw new Error(`Template format error: Output ${key} must be text`);
    const name = output.Export === undefined ? undefined : String(evaluate(output.Export.Name, scope));
    return [
      {
        OutputKey: key,
        OutputValue: String(value),
        ...(output.Description !== undefined && { Description: output.Description }),
        ...(name !== undefined && { ExportName: name }),
      },
    ];
  });
}

/** Throws what CloudFormation says of exports that others use, or have. */
export function checkExports(state: CloudFormationState, stack: Stack, outputs: readonly Output[]): void {
  for (const { ExportName: name, OutputValue: before } of stack.outputs) {
    if (name === undefined) continue;
    const after = outputs.find(({ ExportName }) => ExportName === name);
    const users = state.importers(name);
    if (users.length === 0 || after?.OutputValue === before) continue;
    const verb = after === undefined ? 'delete' : 'update';
    throw new Error(`Cannot ${verb} export ${name} as it is in use by ${users.join(', ')}.`);
  }
  for (const { ExportName: name } of outputs) {
    const owner = name === undefined ? undefined : state.exported(name)?.stack;
    if (owner === undefined || owner === stack) continue;
    throw new Error(`Export with name ${name} is already exported by stack ${owner.name}.`);
  }
}
