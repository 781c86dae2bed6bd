import type { Parameter } from '@aws-sdk/client-cloudformation';
import type { FakeWorld } from '../../fake-world.js';
import { ServiceError } from '../../service-error.js';
import { ssmState } from '../ssm/ssm-state.js';
import type { Template } from './template.js';

/** Values of a template's parameters: given, kept from before, or by default. Of SSM types these are names. */
export function parametersOf(
  template: Template,
  given: readonly Parameter[],
  before: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const unknown = given.filter(({ ParameterKey = '' }) => !Object.hasOwn(template.Parameters, ParameterKey));
  const names = (keys: (string | undefined)[]) => keys.join(', ');
  if (unknown.length > 0) {
    const keys = names(unknown.map(({ ParameterKey }) => ParameterKey));
    throw new ServiceError('ValidationError', `Parameters: [${keys}] do not exist in the template`);
  }
  const values: Record<string, string> = {};
  const missing: string[] = [];
  for (const [key, definition] of Object.entries(template.Parameters)) {
    const parameter = given.find(({ ParameterKey }) => ParameterKey === key);
    const value =
      parameter?.UsePreviousValue === true
        ? before[key]
        : (parameter?.ParameterValue ?? definition.Default?.toString());
    if (value === undefined) missing.push(key);
    else if (definition.AllowedValues !== undefined && !definition.AllowedValues.map(String).includes(value)) {
      throw new ServiceError('ValidationError', `Parameter '${key}' must be one of AllowedValues`);
    } else if (
      definition.AllowedPattern !== undefined &&
      !new RegExp(`^(?:${definition.AllowedPattern})$`).test(value)
    ) {
      throw new ServiceError('ValidationError', `Parameter '${key}' must match pattern ${definition.AllowedPattern}`);
    } else values[key] = value;
  }
  if (missing.length > 0) throw new ServiceError('ValidationError', `Parameters: [${names(missing)}] must have values`);
  return values;
}

/** What `Ref` gives for each: lists are split, SSM parameters are looked up. */
export function parameterValues(
  template: Template,
  parameters: Readonly<Record<string, string>>,
  world: FakeWorld,
): Record<string, unknown> {
  const entries = Object.entries(parameters).map(([key, text]) => {
    const type = template.Parameters[key]?.Type ?? 'String';
    const isSsm = type.startsWith('AWS::SSM::Parameter::Value');
    const value = isSsm ? world.state(ssmState).get(text)?.value : text;
    if (value === undefined) {
      const message = `Unable to fetch parameters [${text}] from parameter store for this account.`;
      throw new ServiceError('ValidationError', message);
    }
    return [key, /List</.test(type) || type === 'CommaDelimitedList' ? value.split(/\s*,\s*/) : value];
  });
  return Object.fromEntries(entries);
}
