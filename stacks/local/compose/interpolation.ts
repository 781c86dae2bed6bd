/** A text that Compose takes as it stands, although it reads `$` as the beginning of a variable. */
export function literal(text: string): string {
  return text.replaceAll('$', () => '$$');
}

/**
 * A variable of the `.env` file. Compose stops with the message when it is unset or empty.
 *
 * @param file how people find the `.env` file
 */
export function requiredVariable(name: string, file: string): string {
  // The message ends at the first brace, and a `$` in it would be one more variable.
  const place = /^[\w./ -]+$/.test(file) ? file : 'the .env file beside compose.yaml';
  return `\${${name}:?set ${name} in ${place}}`;
}

/** A variable with a value for when it is not set. */
export function optionalVariable(name: string, fallback: string): string {
  return `\${${name}:-${fallback}}`;
}
