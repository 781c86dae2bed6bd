import { parseScalar } from './scalar.js';
import type { Shape } from './shape.js';

/** Parameters as a tree: `Tags.member.1.Key` is four levels deep. */
interface Node {
  text?: string;
  readonly children: Map<string, Node>;
}

/** A form body → the input, by shape. `ec2` writes lists without `member` and names of its own. */
export function fromQuery(form: URLSearchParams, shape: Shape, isEc2: boolean): unknown {
  const root: Node = { children: new Map() };
  for (const [name, text] of form) {
    let node = root;
    for (const part of name.split('.')) {
      const child = node.children.get(part) ?? { children: new Map<string, Node>() };
      node.children.set(part, child);
      node = child;
    }
    node.text = text;
  }
  return read(root, shape, isEc2) ?? {};
}

function read(node: Node | undefined, shape: Shape, isEc2: boolean): unknown {
  if (node === undefined) return undefined;
  switch (shape.kind) {
    case 'structure': {
      const entries = [...shape.members()].map(([name, member]) => [
        name,
        read(node.children.get(queryName(name, member, isEc2)), member, isEc2),
      ]);
      return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    }
    case 'list': {
      const member = shape.member();
      const isFlat = isEc2 || shape.traits['xmlFlattened'] !== undefined;
      const items = isFlat ? node : node.children.get(String(member.traits['xmlName'] ?? 'member'));
      return numbered(items).map((item) => read(item, member, isEc2));
    }
    case 'map': {
      const entries = numbered(shape.traits['xmlFlattened'] === undefined ? node.children.get('entry') : node);
      const [keyName, valueName] = [shape.key().traits['xmlName'] ?? 'key', shape.value().traits['xmlName'] ?? 'value'];
      return Object.fromEntries(
        entries.map((entry) => [
          entry.children.get(String(keyName))?.text ?? '',
          read(entry.children.get(String(valueName)), shape.value(), isEc2),
        ]),
      );
    }
    case 'string':
    case 'number':
    case 'boolean':
    case 'blob':
    case 'timestamp':
    case 'document':
    case 'unit':
      return node.text === undefined ? undefined : parseScalar(node.text, shape);
  }
}

function numbered(node: Node | undefined): Node[] {
  const children = [...(node?.children ?? [])].filter(([name]) => /^\d+$/.test(name));
  return children.toSorted(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child);
}

function queryName(name: string, member: Shape, isEc2: boolean): string {
  const { ec2QueryName, xmlName } = member.traits;
  if (!isEc2) return typeof xmlName === 'string' ? xmlName : name;
  if (typeof ec2QueryName === 'string') return ec2QueryName;
  const plain = typeof xmlName === 'string' ? xmlName : name;
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}
