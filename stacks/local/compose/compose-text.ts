import { parseTemplate } from '../../spec/index.js';
import { withExternals } from '../external-references.js';
import type { ComposeContext } from './compose-context.js';
import { literal } from './interpolation.js';
import { referenceValue, type ReferenceOptions } from './reference-value.js';

/**
 * A text of the spec as Compose reads it: secrets as variables of the `.env` file, everything else as it stands.
 *
 * @throws Error naming a reference that stands for nothing; by now the spec was checked
 */
export function composeText(template: string, context: ComposeContext, options: ReferenceOptions = {}): string {
  return parseTemplate(template)
    .map((part) => (part.kind === 'text' ? literal(part.text) : valueOf(part.reference, context, options)))
    .join('');
}

function valueOf(reference: string, context: ComposeContext, options: ReferenceOptions): string {
  const asWritten = `\${${reference}}`;
  const elsewhere = withExternals(context.spec, asWritten);
  if (elsewhere !== asWritten) return composeText(elsewhere, context, options);
  const value = referenceValue(reference, context, options);
  if (value === undefined) throw new Error(`nothing to put in place of ${asWritten}`);
  return value;
}
