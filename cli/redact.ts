/** What stands in the place of a secret value. */
export const redaction = '•••';

/** Shorter values would mask ordinary words, and are not secrets worth the name. */
export const shortestValueLength = 6;

/** Masks every known secret value in a text. */
export type Redactor = (text: string) => string;

/**
 * A redactor for the given values: as they are, in base64 (also in the middle of something longer), hexadecimal,
 * URL-encoded, form-encoded, JSON-escaped, and each line of a value of several lines. Of two forms that begin at one place
 * the longer is masked, so that a value that contains another disappears whole.
 */
export function createRedactor(values: readonly string[]): Redactor {
  const forms = secretForms(values);
  if (forms.length === 0) return (text) => text;
  const find = formFinder(forms);
  return (text) => {
    let masked = '';
    let done = 0;
    for (let found = find(text, 0); found !== undefined; found = find(text, done)) {
      masked += text.slice(done, found.at) + redaction;
      done = found.at + found.length;
    }
    return done === 0 ? text : masked + text.slice(done);
  };
}

/** Whether a value is too short to be masked: then it is shown wherever something prints it. */
export function isTooShortToMask(value: string): boolean {
  return value !== '' && secretForms([value]).length === 0;
}

/** Every form of the values that is masked, longest first. */
export function secretForms(values: readonly string[]): readonly string[] {
  const forms = new Set(values.flatMap((value) => formsOf(value)).filter((form) => form.length >= shortestValueLength));
  return [...forms].toSorted((a, b) => b.length - a.length);
}

/** Finds the first place, from a given one on, at which a form begins. */
export type FormFinder = (text: string, from: number) => { readonly at: number; readonly length: number } | undefined;

/**
 * A finder of forms, longest first. It looks at each place once, however many forms there are: a regular expression of a
 * thousand alternatives is ten times as slow.
 */
export function formFinder(forms: readonly string[]): FormFinder {
  const byBeginning = groupByBeginning(forms);
  return (text, from) => {
    for (let at = from; at + beginningLength <= text.length; at += 1) {
      const form = byBeginning.get(text.slice(at, at + beginningLength))?.find((each) => text.startsWith(each, at));
      if (form !== undefined) return { at, length: form.length };
    }
    return undefined;
  };
}

/** A redactor that learns values on the way, and never forgets one. */
export interface SecretMask {
  readonly mask: (values: readonly string[]) => void;
  readonly redact: Redactor;
  /** All that were learned. */
  readonly values: () => readonly string[];
}

/** A mask that knows no value yet. */
export function createSecretMask(): SecretMask {
  const known = new Set<string>();
  let redactor = createRedactor([]);
  return {
    mask: (values) => {
      const before = known.size;
      for (const value of values) known.add(value);
      if (known.size !== before) redactor = createRedactor([...known]);
    },
    redact: (text) => redactor(text),
    values: () => [...known],
  };
}

const beginningLength = 4;

function groupByBeginning(forms: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const form of forms) {
    const beginning = form.slice(0, beginningLength);
    const group = groups.get(beginning);
    if (group === undefined) groups.set(beginning, [form]);
    else group.push(form);
  }
  return groups;
}

function formsOf(value: string): readonly string[] {
  const parts = [value, ...value.split(/\r?\n/)].flatMap((part) => [part, part.trim()]);
  const texts = [...new Set(parts)].filter((part) => part.trim().length >= shortestValueLength);
  return texts.flatMap((text) => {
    const bytes = Buffer.from(text, 'utf8');
    const hex = bytes.toString('hex');
    const urls = urlForms(bytes.toString('utf8'));
    return [
      text,
      ...base64Forms(bytes),
      hex,
      hex.toUpperCase(),
      ...urls,
      ...urls.map(withLowerHex),
      ...jsonForms(text),
    ];
  });
}

/**
 * Base64 of a text by itself, and what is constant of it within the base64 of something longer: three alphabets of it, one
 * for each place at which it may begin in a group of three bytes. The characters it shares with its neighbours are left.
 */
function base64Forms(bytes: Buffer): readonly string[] {
  const padded = bytes.toString('base64');
  const embedded = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  });
  const standard = [padded, padded.replace(/=+$/, ''), ...embedded];
  return [...standard, ...standard.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))];
}

/** As JavaScript, RFC 3986, Python's `quote` and a form encode it. */
function urlForms(text: string): readonly string[] {
  const component = encodeURIComponent(text);
  const strict = component.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams([['', text]]).toString().slice(1);
  return [component, strict, strict.replaceAll('%2F', '/'), form];
}

function withLowerHex(text: string): string {
  return text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
}

/** As JSON.stringify writes it, as encoders do that keep to ASCII, and as JSON within JSON. */
function jsonForms(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return [json, ascii, json.replaceAll('/', '\\/'), JSON.stringify(json).slice(1, -1)];
}
