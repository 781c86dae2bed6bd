import { formatScalar } from './scalar.js';
import type { Shape } from './shape.js';

/** What an operation returned → XML, by shape. A member that the shape does not have is thrown: a mistake of the fake. */
export function toXml(tag: string, value: unknown, shape: Shape, path: string = tag): string {
  if (value === undefined || value === null) return '';
  switch (shape.kind) {
    case 'structure': {
      const { attributes, content } = structureXml(value, shape, path);
      return `<${tag}${attributes}>${content}</${tag}>`;
    }
    case 'list': {
      const member = shape.member();
      const isFlat = shape.traits['xmlFlattened'] !== undefined;
      const itemTag = isFlat ? tag : String(member.traits['xmlName'] ?? 'member');
      const items = (value as unknown[]).map((item, at) => toXml(itemTag, item, member, `${path}[${at}]`)).join('');
      return isFlat ? items : `<${tag}>${items}</${tag}>`;
    }
    case 'map': {
      const [keyTag, valueTag] = [shape.key().traits['xmlName'] ?? 'key', shape.value().traits['xmlName'] ?? 'value'];
      const isFlat = shape.traits['xmlFlattened'] !== undefined;
      const entries = Object.entries(value).map(([key, item]) => {
        const body = `<${String(keyTag)}>${escapeXml(key)}</${String(keyTag)}>${toXml(String(valueTag), item, shape.value(), `${path}.${key}`)}`;
        return isFlat ? `<${tag}>${body}</${tag}>` : `<entry>${body}</entry>`;
      });
      return isFlat ? entries.join('') : `<${tag}>${entries.join('')}</${tag}>`;
    }
    case 'string':
    case 'number':
    case 'boolean':
    case 'blob':
    case 'timestamp':
    case 'document':
    case 'unit':
      return `<${tag}>${escapeXml(formatScalar(value, shape, 'date-time', path))}</${tag}>`;
  }
}

/** Members that go into the body; those bound to headers are left to the caller. */
export function structureXml(
  value: unknown,
  shape: Shape & { readonly kind: 'structure' },
  path: string,
): { readonly attributes: string; readonly content: string } {
  let attributes = '';
  let content = '';
  for (const [name, item] of Object.entries(value as Record<string, unknown>)) {
    const member = shape.members().get(name);
    if (member === undefined) throw new TypeError(`${path}: ${shape.name} has no member ${name}`);
    const isInHead = ['httpHeader', 'httpPrefixHeaders', 'httpResponseCode'].some((trait) => trait in member.traits);
    if (item === undefined || isInHead) continue;
    const tag = String(member.traits['xmlName'] ?? name);
    if (member.traits['xmlAttribute'] === undefined) content += toXml(tag, item, member, `${path}.${name}`);
    else attributes += ` ${tag}="${escapeXml(formatScalar(item, member, 'date-time', path))}"`;
  }
  return { attributes, content };
}

/** Text as it may stand between tags and in attributes. */
export function escapeXml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#xD;' };
  return text.replaceAll(/[&<>"\r]/g, (character) => entities[character] ?? character);
}
