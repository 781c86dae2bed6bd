/** What stands in the place of a secret value. */
export const redaction = '•••';

/** Shorter values would mask ordinary words, and are not secrets worth the name. */
const shortestValueLength = 6;

/** Masks every known secret value in a line of text. */
export type Redactor = (text: string) => string;

/**
 * A redactor for the given values: as they are, in base64, URL-encoded, JSON-escaped, and each line of a value of several
 * lines. Longer forms are masked first, so that a value that contains another disappears whole.
 */
export function createRedactor(values: readonly string[]): Redactor {
  const forms = secretForms(values);
  if (forms.length === 0) return (text) => text;
  const pattern = patternOf(forms);
  return (text) => text.replace(pattern, redaction);
}

/** Every form of the values that is masked, longest first. */
export function secretForms(values: readonly string[]): readonly string[] {
  const forms = new Set(values.flatMap((value) => formsOf(value)).filter((form) => form.length >= shortestValueLength));
  return [...forms].sort((a, b) => b.length - a.length);
}

/** Finds the first of several texts that begins at a place; global. */
export function patternOf(forms: readonly string[]): RegExp {
  return new RegExp(forms.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
}

function formsOf(value: string): readonly string[] {
  if (value.trim().length < shortestValueLength) return [];
  const lines = value.split(/\r?\n/).filter((line) => line.trim().length >= shortestValueLength);
  return [...new Set([value, ...lines])].flatMap((text) => {
    const base64 = Buffer.from(text, 'utf8').toString('base64');
    return [
      text,
      base64,
      base64.replace(/=+$/, ''),
      Buffer.from(text, 'utf8').toString('base64url'),
      encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8')),
      formEncoded(text),
      JSON.stringify(text).slice(1, -1),
    ];
  });
}

/** As in a query string: `+` for a space, and `!'()~` escaped. */
function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}
