import type { FakeWorld } from '../../fake-world.js';
import type { Properties } from '../../resource-type.js';
import { applyResource } from './apply-resource.js';
import { dependenciesOf, inOrder } from './dependencies.js';
import { evaluate, type Scope } from './intrinsics.js';
import type { Stack, StackInput } from './stack.js';
import { stackScope, wantedIds } from './stack-scope.js';

/** What a stack consists of after an input was applied. */
export interface AppliedInput {
  readonly ids: readonly string[];
  readonly imports: ReadonlySet<string>;
  readonly scope: Scope;
}

/** Creates and updates every resource of an input, each as soon as what it needs is there. The first failure stops the rest. */
export async function applyInput(
  world: FakeWorld,
  stack: Stack,
  input: StackInput,
  cancelled: AbortSignal,
): Promise<AppliedInput> {
  const imports = new Set<string>();
  const scope = liveScope(world, stack, input, imports);
  const ids = wantedIds(scope);
  const needs = new Map(ids.map((id) => [id, dependenciesOf(input.template, id).filter((need) => ids.includes(need))]));
  inOrder(ids, (id) => needs.get(id) ?? []);
  const failed: string[] = [];
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, cancelled]);
  const started = new Map<string, Promise<void>>();

  const apply = async (id: string): Promise<void> => {
    await Promise.all((needs.get(id) ?? []).map(start));
    const definition = input.template.Resources[id];
    if (signal.aborted || definition === undefined) return;
    try {
      const properties = evaluate(definition.Properties, scope) as Properties;
      await applyResource(world, stack, { logicalId: id, definition, properties, needs: needs.get(id) ?? [] }, signal);
    } catch (error) {
      if (!signal.aborted || stack.resources.get(id)?.isUnclear === true) failed.push(id);
      stop.abort(error);
    }
  };
  const start = (id: string): Promise<void> => {
    const known = started.get(id) ?? apply(id);
    started.set(id, known);
    return known;
  };

  await Promise.all(ids.map(start));
  if (stop.signal.aborted) throw new Error(failed.length > 0 ? `[${failed.join(', ')}]` : String(stop.signal.reason));
  if (cancelled.aborted) throw new Error('cancelled');
  return { ids, imports, scope };
}

/** Names of an input, as the stack's resources are now. */
export function liveScope(world: FakeWorld, stack: Stack, input: StackInput, imports: Set<string>): Scope {
  const resource = (id: string) => {
    const found = stack.resources.get(id);
    if (found === undefined) return undefined;
    return { type: found.type, physicalId: found.physicalId, attribute: (name: string) => found.attributes[name] };
  };
  return stackScope(stack, input, world, resource, (name) => imports.add(name));
}
