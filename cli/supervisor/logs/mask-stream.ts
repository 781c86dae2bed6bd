import { type FormFinder, formFinder, redaction, secretForms } from '../../redact.js';

/** Every form of the known secrets, ready to be looked for in bytes. */
export interface SecretPattern {
  readonly find: FormFinder;
  /** Forms by their first byte, as a character of latin1. */
  readonly byFirst: ReadonlyMap<string, readonly string[]>;
  readonly longest: number;
}

/** Masks the secrets in a stream of bytes; whatever else is in it comes out as it went in. */
export interface MaskedStream {
  /** What may be shown already: everything but an end that could be the beginning of a secret. */
  push(chunk: Buffer): Buffer;
  /** The rest. */
  finish(): Buffer;
}

/** Pure: the pattern of the values; `undefined` when there is nothing to mask. */
export function secretPattern(values: readonly string[]): SecretPattern | undefined {
  // latin1 is one character a byte: text in other encodings, and a character cut in two by a chunk, stay as they are.
  const forms = secretForms(values).map((form) => Buffer.from(form, 'utf8').toString('latin1'));
  if (forms.length === 0) return undefined;
  const byFirst = new Map<string, string[]>();
  for (const form of forms) {
    const same = byFirst.get(form.charAt(0));
    if (same === undefined) byFirst.set(form.charAt(0), [form]);
    else same.push(form);
  }
  const longestFirst = forms.toSorted((a, b) => b.length - a.length);
  return { find: formFinder(longestFirst), byFirst, longest: longestFirst[0]?.length ?? 0 };
}

const mask = Buffer.from(redaction, 'utf8').toString('latin1');

/** A masked stream. `pattern` is asked for with every chunk: secrets become known while a program runs. */
export function createMaskedStream(pattern: () => SecretPattern | undefined): MaskedStream {
  let held = '';
  const take = (text: string, isLast: boolean): Buffer => {
    const secrets = pattern();
    const { shown, rest } = secrets === undefined ? { shown: text, rest: '' } : masked(text, secrets, isLast);
    held = rest;
    return Buffer.from(shown, 'latin1');
  };
  return {
    push: (chunk) => take(held + chunk.toString('latin1'), false),
    finish: () => take(held, true),
  };
}

/** Pure: the text with its secrets masked, up to the first place where a secret may have begun that is not yet whole. */
function masked(
  text: string,
  secrets: SecretPattern,
  isLast: boolean,
): { readonly shown: string; readonly rest: string } {
  const beginnings = isLast ? [] : possibleBeginnings(text, secrets);
  let shown = '';
  let end = 0;
  for (;;) {
    const match = secrets.find(text, end);
    const stop = beginnings.find((place) => place >= end);
    if (stop !== undefined && (match === undefined || stop <= match.at)) {
      return { shown: shown + text.slice(end, stop), rest: text.slice(stop) };
    }
    if (match === undefined) return { shown: shown + text.slice(end), rest: '' };
    shown += text.slice(end, match.at) + mask;
    end = match.at + match.length;
  }
}

/** Places from which the text to its end is a part, and not the whole, of some secret. */
function possibleBeginnings(text: string, { byFirst, longest }: SecretPattern): readonly number[] {
  const places: number[] = [];
  for (let place = Math.max(0, text.length - longest + 1); place < text.length; place += 1) {
    const forms = byFirst.get(text.charAt(place));
    if (forms === undefined) continue;
    const tail = text.slice(place);
    if (forms.some((form) => form.length > tail.length && form.startsWith(tail))) places.push(place);
  }
  return places;
}
