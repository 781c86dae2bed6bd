/** Bytes that {@link generatedPassword} needs: 192 bits. */
export const passwordBytes = 24;

/**
 * A password of 52 characters that every part accepts, and that stands in a URL as it is: hexadecimal digits behind an upper
 * case letter, a lower case letter, a digit and the one sign all of them take. OpenSearch wants one of each; ElastiCache AUTH
 * takes 16 to 128 characters and few signs, RDS up to 128, Amazon MQ 12 to 250.
 */
export function generatedPassword(random: Uint8Array): string {
  if (random.length < passwordBytes) throw new Error(`a password needs ${passwordBytes} random bytes`);
  return `Ag1-${[...random].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
