/** A piece of a text with `${…}` references. `$${` stands for a literal `${`. */
export type TemplatePart =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'reference'; readonly reference: string };

const piece = /\$\$\{|\$\{([^}]*)\}/g;

/** Splits a text into literal pieces and references. A `${` that is never closed is literal. */
export function parseTemplate(template: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let literal = '';
  let end = 0;
  for (const match of template.matchAll(piece)) {
    literal += template.slice(end, match.index);
    end = match.index + match[0].length;
    if (match[0] === '$${') {
      literal += '${';
      continue;
    }
    if (literal !== '') parts.push({ kind: 'text', text: literal });
    literal = '';
    parts.push({ kind: 'reference', reference: (match[1] ?? '').trim() });
  }
  literal += template.slice(end);
  if (literal !== '') parts.push({ kind: 'text', text: literal });
  return parts;
}

/** Whether a text contains a `${` that is never closed. */
export function hasUnclosedReference(template: string): boolean {
  return template.replaceAll(piece, '').includes('${');
}

/** The references in a text, in order, each once. */
export function referencesIn(template: string): readonly string[] {
  const references = parseTemplate(template).flatMap((part) => (part.kind === 'reference' ? [part.reference] : []));
  return [...new Set(references)];
}

/**
 * The text with every reference replaced.
 * Throws a plain Error naming the reference when `lookup` does not know it: by then the spec was checked.
 */
export function resolveTemplate(template: string, lookup: (reference: string) => string | undefined): string {
  return parseTemplate(template)
    .map((part) => {
      if (part.kind === 'text') return part.text;
      const value = lookup(part.reference);
      if (value === undefined) throw new Error(`nothing to put in place of \${${part.reference}}`);
      return value;
    })
    .join('');
}
