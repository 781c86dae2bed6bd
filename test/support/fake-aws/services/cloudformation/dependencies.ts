import type { Template } from './template.js';

/** Logical ids that a resource is made after: what it names, and `DependsOn`. */
export function dependenciesOf(template: Template, logicalId: string): string[] {
  const resource = template.Resources[logicalId];
  if (resource === undefined) return [];
  const names = new Set([resource.DependsOn].flat());
  collect(resource.Properties, names);
  names.delete(logicalId);
  return [...names].filter((name) => Object.hasOwn(template.Resources, name));
}

/** Logical ids so that each comes after what it needs. Throws what CloudFormation says of a circle. */
export function inOrder(ids: Iterable<string>, needs: (id: string) => readonly string[]): string[] {
  const all = new Set(ids);
  const done = new Set<string>();
  const visit = (id: string, path: readonly string[]): void => {
    if (done.has(id) || !all.has(id)) return;
    if (path.includes(id)) throw new Error(`Circular dependency between resources: [${path.join(', ')}]`);
    for (const need of needs(id)) visit(need, [...path, id]);
    done.add(id);
  };
  for (const id of all) visit(id, []);
  return [...done];
}

function collect(value: unknown, names: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, names);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === 'Ref' && typeof item === 'string') names.add(item);
    else if (key === 'Fn::GetAtt') names.add(String(Array.isArray(item) ? item[0] : String(item).split('.')[0]));
    else if (key === 'Fn::Sub') {
      const template = String(Array.isArray(item) ? item[0] : item);
      for (const [, name = ''] of template.matchAll(/\$\{([^!}][^}]*)\}/g)) names.add(name.split('.')[0] ?? '');
      collect(Array.isArray(item) ? item[1] : undefined, names);
    } else collect(item, names);
  }
}
