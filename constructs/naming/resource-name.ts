import { type NamedResource, type NameRule, nameRules } from './name-rules.js';

/** Base-36 characters that keep truncated names apart: 36⁶ ≈ 2 × 10⁹. */
const suffixLength = 6;

/**
 * A name from its parts, within the limit of its kind: `support-agent-production-api`. A name that does not fit is cut and
 * gets a suffix computed from all parts, so that it stays the same between runs and differs from every other name.
 *
 * @param parts lower-case letters, digits and hyphens, the most general first: agent, stage, service
 */
export function resourceName(kind: NamedResource, parts: readonly string[]): string {
  const rule: NameRule = nameRules[kind];
  const joined = parts.map((part) => clean(part, rule)).join(rule.separator);
  if (joined.length <= rule.maximum) return joined;
  const room = rule.maximum - suffixLength - rule.separator.length;
  const start = trimSeparators(joined.slice(0, room), rule);
  return `${start}${rule.separator}${fingerprint(parts.join('/'))}`;
}

function clean(part: string, { separator }: NameRule): string {
  return part.replaceAll('-', separator);
}

function trimSeparators(text: string, { separator }: NameRule): string {
  return separator !== '' && text.endsWith(separator) ? text.slice(0, -1) : text;
}

/** FNV-1a, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/): needs no library and no Node in a construct. */
function fingerprint(text: string): string {
  let hash = 0x81_1c_9d_c5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01_00_01_93) >>> 0;
  }
  return hash.toString(36).padStart(suffixLength, '0').slice(-suffixLength);
}
