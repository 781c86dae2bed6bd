import { parseScalar } from './scalar.js';
import type { Shape } from './shape.js';

interface Element {
  readonly tag: string;
  readonly children: Element[];
  text: string;
}

/** An XML body → the input, by shape. Enough of XML for what S3 is sent: elements and text. */
export function fromXml(xml: string, shape: Shape): unknown {
  const root = parse(xml);
  return root === undefined ? undefined : read([root], shape);
}

function read(elements: readonly Element[], shape: Shape): unknown {
  const [element] = elements;
  if (element === undefined) return undefined;
  switch (shape.kind) {
    case 'structure': {
      const entries = [...shape.members()].map(([name, member]) => {
        const tag = String(member.traits['xmlName'] ?? name);
        return [
          name,
          read(
            element.children.filter((child) => child.tag === tag),
            member,
          ),
        ];
      });
      return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    }
    case 'list': {
      const items = shape.traits['xmlFlattened'] === undefined ? element.children : elements;
      return items.map((item) => read([item], shape.member()));
    }
    case 'map':
      throw new Error('a map in an XML body: nothing that the fake serves is sent one');
    case 'string':
    case 'number':
    case 'boolean':
    case 'blob':
    case 'timestamp':
    case 'document':
    case 'unit':
      return parseScalar(element.text, shape);
  }
}

function parse(xml: string): Element | undefined {
  const root: Element = { tag: '', children: [], text: '' };
  const open = [root];
  for (const [, declaration, closing, tag = '', isEmpty, text] of xml.matchAll(
    /(<\?[^>]*>)|<(\/?)([^\s/>]+)[^>]*?(\/?)>|([^<]+)/g,
  )) {
    const top = open.at(-1) ?? root;
    if (declaration !== undefined) continue;
    if (text !== undefined) top.text += unescape(text);
    else if (closing === '/') open.pop();
    else {
      const element: Element = { tag: tag.replace(/^.*:/, ''), children: [], text: '' };
      top.children.push(element);
      if (isEmpty !== '/') open.push(element);
    }
  }
  return root.children[0];
}

function unescape(text: string): string {
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replaceAll(/&(#x[\da-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return entities[name] ?? whole;
    return String.fromCodePoint(name[1] === 'x' ? parseInt(name.slice(2), 16) : Number(name.slice(1)));
  });
}
