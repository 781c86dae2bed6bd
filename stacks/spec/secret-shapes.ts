/**
 * Token formats of providers, by their published prefixes: OpenAI/Anthropic, GitHub, GitLab, AWS, Slack, Google, Stripe,
 * LangSmith, Hugging Face, npm, Azure storage keys, PEM blocks and JSON web tokens.
 */
const tokenShapes: readonly RegExp[] = [
  /\bsk-[A-Za-z0-9_-]{8,}/,
  /\bgh[pousr]_[A-Za-z0-9]{16,}/,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/,
  /\bglpat-[A-Za-z0-9_-]{16,}/,
  /\b(?:AKIA|ASIA)[A-Z0-9]{12,}/,
  /\bxox[abeprs]-[A-Za-z0-9-]{8,}/,
  /\bAIza[A-Za-z0-9_-]{30,}/,
  /\b[rs]k_(?:live|test)_[A-Za-z0-9]{10,}/,
  /\bls(?:v2)?_(?:pt|sk)_[A-Za-z0-9_]{16,}/,
  /\bhf_[A-Za-z0-9]{20,}/,
  /\bnpm_[A-Za-z0-9]{30,}/,
  /\bAccountKey=[A-Za-z0-9+/=]{20,}/,
  /-----BEGIN [A-Z ]*(?:PRIVATE KEY|CERTIFICATE)/,
  /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\./,
];

const secretSuffix =
  /(?:^|_)(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|SECRET_?KEY|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|ENCRYPTION_?KEY|CREDENTIALS?)$/i;
const secretWord = /PASSWORD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY/i;

/** Whether a text contains a token in the format of a known provider. */
export function containsToken(text: string): boolean {
  return tokenShapes.some((shape) => shape.test(text));
}

/** Whether a text is a URL (or several) with a literal password in it. */
export function containsUrlPassword(text: string): boolean {
  return [...text.matchAll(/[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s/@]+)@/gi)].some(
    (match) => !/^\$\{[^}]*\}$/.test(match[1] ?? ''),
  );
}

/** The text with tokens and URL passwords replaced. */
export function secretsMasked(text: string, mask: string): string {
  const withoutTokens = tokenShapes.reduce(
    (masked, shape) => masked.replaceAll(new RegExp(`${shape.source}[A-Za-z0-9_.=/+-]*`, 'g'), mask),
    text,
  );
  return withoutTokens.replaceAll(
    /([a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)(?!\$\{[^}]*\}@)[^\s/@]+@/gi,
    (_, scheme: string) => `${scheme}${mask}@`,
  );
}

/** Whether a variable of this name is expected to hold a secret. */
export function isSecretName(name: string): boolean {
  return secretSuffix.test(name);
}

/** Whether the literal value of a variable looks like a secret. Flags, numbers, plain URLs, paths and short words do not. */
export function looksLikeSecret(name: string, value: string): boolean {
  if (containsToken(value) || containsUrlPassword(value)) return true;
  if (value.includes('${') || isHarmless(value)) return false;
  if (isSecretName(name)) return !/^[A-Za-z]{0,6}$/.test(value);
  return secretWord.test(name) && isRandom(value);
}

function isHarmless(value: string): boolean {
  return (
    /^(?:true|false|yes|no|on|off|none|null|enabled?|disabled?|required?|optional|default)$/i.test(value) ||
    /^[\d.]{0,7}[a-z]{0,2}$/i.test(value) ||
    /^[a-z][a-z0-9+.-]*:\/\/\S*$/i.test(value) ||
    /^\.{0,2}\/[\w./-]*$/.test(value)
  );
}

function isRandom(value: string): boolean {
  return value.length >= 12 && /\d/.test(value) && /[a-z]/i.test(value) && entropyBitsPerCharacter(value) >= 3;
}

function entropyBitsPerCharacter(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / value.length) * Math.log2(count / value.length), 0);
}
