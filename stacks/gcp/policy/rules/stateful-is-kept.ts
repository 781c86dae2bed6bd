import { at } from '../../../stage/values.js';
import { type Arguments, resourcesOf } from '../configuration.js';
import type { ConfigurationRule } from '../configuration-rule.js';
import { statefulTypes } from '../stateful-types.js';

/** What holds data is kept by Terraform itself, whatever is said to it. */
export const statefulIsKept: ConfigurationRule = {
  id: 'stateful-is-kept',
  reason: 'removing a part from a stack must not remove its data',
  check: (configuration) =>
    resourcesOf(configuration, ...Object.keys(statefulTypes)).flatMap(([address, values]) => {
      if (holdsNothingOfItsOwn(values)) return [];
      const { protection } = statefulTypes[address.slice(0, address.indexOf('.'))] ?? {};
      const problems = [
        ...(at(values, 'lifecycle', 'prevent_destroy') === true ? [] : ['lifecycle.prevent_destroy is not set']),
        ...(protection === undefined || values[protection] === true ? [] : [`${protection} is not set`]),
      ];
      return problems.map((message) => ({ address, message }));
    }),
};

/** A replica has the data of its source; what failed already is put aside. */
function holdsNothingOfItsOwn(values: Arguments): boolean {
  return values['master_instance_name'] !== undefined || String(values['name']).endsWith('-dead-letters');
}
