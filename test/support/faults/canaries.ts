import { createHash } from 'node:crypto';

/** A secret whose value must never be seen where it does not belong. */
export interface Canary {
  readonly name: string;
  readonly value: string;
}

const pemBody = [
  'Q2FuYXJ5S2V5TGluZU9uZTdmM2I5YzFkNGU',
  'Q2FuYXJ5S2V5TGluZVR3bzhhMmQ1ZjZiN2M',
  'Q2FuYXJ5S2V5TGluZVRocjNlMWE5Yjg',
];

/** One of each class that redaction could get wrong. */
export const canarySecrets: readonly Canary[] = [
  { name: 'SHORT_TOKEN', value: 'kq7Zp2Xw' },
  { name: 'SIGNING_KEY', value: `-----BEGIN PRIVATE KEY-----\n${pemBody.join('\n')}\n-----END PRIVATE KEY-----\n` },
  { name: 'ODD_VALUE', value: `cn'ry "two words" 100%+a=b&c/d?e\\f$HOME` },
];

/** The one that `secrets rotate` is tried with. */
export const rotatedSecret = 'SHORT_TOKEN';

/** What the agent tells of a value without telling it. */
export function digestOf(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}

/** Every form in which a value would be a leak. */
export function leakForms(value: string): readonly string[] {
  const lines = value.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
  const whole = Buffer.from(value);
  const forms = [
    ...lines,
    whole.toString('base64'),
    whole.toString('base64').replace(/=+$/, ''),
    whole.toString('base64url'),
    encodeURIComponent(value),
    new URLSearchParams({ '': value }).toString().slice(1),
    JSON.stringify(value).slice(1, -1),
    whole.toString('hex'),
  ];
  return [...new Set(forms)];
}

/** The names of the canaries that a text holds, with the form that was found. */
export function leaksIn(text: string, canaries: readonly Canary[]): readonly string[] {
  return canaries.flatMap(({ name, value }) => {
    const found = leakForms(value).find((form) => text.includes(form));
    return found === undefined ? [] : [`${name} as ${found.slice(0, 12)}…`];
  });
}
