import { type Document, isMap, isScalar, type Pair, type YAMLMap } from 'yaml';

const anchor = 'environment';

/**
 * Writes variables that are the same everywhere once, as an extension field that the services merge. Only how the file
 * reads changes: merged, every environment is what it was.
 */
export function shareEnvironment(document: Document, shared: Readonly<Record<string, string>>): void {
  const environments = environmentsIn(document).filter((environment) => has(environment, shared));
  if (environments.length < 2 || Object.keys(shared).length < 2) return;
  const node = document.createNode(shared);
  node.anchor = anchor;
  for (const environment of environments) {
    const rest = environment.items.filter((pair) => shared[keyOf(pair)] !== textOf(pair));
    environment.items = [document.createPair('<<', document.createAlias(node, anchor)), ...rest];
  }
  const { contents } = document;
  if (!isMap(contents)) return;
  const place = contents.items.findIndex((pair) => isScalar(pair.key) && pair.key.value === 'services');
  contents.items.splice(place, 0, document.createPair('x-environment', node) as (typeof contents.items)[number]);
}

function environmentsIn(document: Document): readonly YAMLMap[] {
  const services = document.get('services');
  if (!isMap(services)) return [];
  return services.items.flatMap(({ value }) => {
    const environment = isMap(value) ? value.get('environment') : undefined;
    return isMap(environment) ? [environment] : [];
  });
}

/** A variable may have another value, which wins over the merged one, but it may not be missing. */
function has(environment: YAMLMap, shared: Readonly<Record<string, string>>): boolean {
  return Object.keys(shared).every((name) => environment.has(name));
}

function keyOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : '';
}

function textOf({ value }: Pair): string | undefined {
  return isScalar(value) ? String(value.value) : undefined;
}
