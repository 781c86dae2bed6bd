import { parseTemplate } from '../../spec/index.js';
import { withExternals } from '../external-references.js';
import type { ComposeContext } from './compose-context.js';
import { literal } from './interpolation.js';
import { referenceValue } from './reference-value.js';

/**
 * A text of the spec as Compose reads it: secrets as variables of the `.env` file, everything else as it stands.
 *
 * @param port what `${port}` stands for
 * @throws Error naming a reference that stands for nothing; by now the spec was checked
 */
export function composeText(template: string, context: ComposeContext, port?: number): string {
  return parseTemplate(template)
    .map((part) => (part.kind === 'text' ? literal(part.text) : valueOf(part.reference, context, port)))
    .join('');
}

function valueOf(reference: string, context: ComposeContext, port: number | undefined): string {
  const asWritten = `\${${reference}}`;
  const elsewhere = withExternals(context.spec, asWritten);
  if (elsewhere !== asWritten) return composeText(elsewhere, context);
  const value = reference === 'port' ? port?.toString() : referenceValue(reference, context);
  if (value === undefined) throw new Error(`nothing to put in place of ${asWritten}`);
  return value;
}
