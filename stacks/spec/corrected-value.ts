const memoryUnits: Readonly<Record<string, string>> = { m: 'Mi', g: 'Gi', t: 'Ti' };

/**
 * The value as it was probably meant, written correctly: `2GB` → `2Gi`, `15 min` → `15m`, `"8000"` → `8000`.
 * `expected` is the sentence the schema uses; undefined when there is no good guess.
 */
export function correctedValue(expected: string, value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  if (expected.startsWith('an amount')) return correctedAmount(value, expected);
  if (expected.startsWith('a duration')) return correctedDuration(value, expected);
  if (/^a (?:whole )?number/.test(expected)) return correctedNumber(value);
  if (expected === 'true or false') return correctedFlag(value);
  if (expected.startsWith('3 to 24 lower-case')) return kebabCase(value, /^(?=.{3,24}$)[a-z](?:-?[a-z0-9])*$/);
  if (expected.startsWith('a registry name')) return withoutHyphens(String(value), /^[a-zA-Z0-9]{5,50}$/);
  if (expected.startsWith('a storage account name')) {
    return withoutHyphens(String(value).toLowerCase(), /^[a-z0-9]{3,24}$/);
  }
  return undefined;
}

function correctedAmount(value: unknown, expected: string): string | undefined {
  if (typeof value === 'number') {
    const unit = /from \d+Gi/.test(expected) || value < 64 ? 'Gi' : 'Mi';
    return Number.isSafeInteger(value) && value > 0 ? `${value}${unit}` : undefined;
  }
  const match = /^(\d+)\s*([mgt])i?b?$/i.exec(String(value));
  const unit = memoryUnits[match?.[2]?.toLowerCase() ?? ''];
  return unit === undefined ? undefined : `${match?.[1]}${unit}`;
}

function correctedDuration(value: unknown, expected: string): string | undefined {
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) && value > 0 ? `${value}${/from \d+d/.test(expected) ? 'd' : 's'}` : undefined;
  }
  const match = /^(\d+)\s*(s|m|h|d)(?:ec(?:ond)?s?|in(?:ute)?s?|(?:ou)?rs?|ays?)?$/i.exec(String(value));
  return match === null ? undefined : `${match[1]}${match[2]?.toLowerCase()}`;
}

function correctedNumber(value: unknown): string | undefined {
  const text = String(value);
  if (/^\d+m$/.test(text)) return String(Number.parseInt(text, 10) / 1000);
  const match = /^(\d+(?:\.\d+)?)\s*%?$/.exec(text);
  return typeof value === 'string' && match !== null ? match[1] : undefined;
}

function correctedFlag(value: unknown): string | undefined {
  if (/^(?:yes|on|true|1)$/i.test(String(value))) return 'true';
  return /^(?:no|off|false|0)$/i.test(String(value)) ? 'false' : undefined;
}

/** `SupportAgent`, `support_agent` → `support-agent`; undefined when that is still not a name. */
export function kebabCase(value: unknown, pattern: RegExp): string | undefined {
  const name = String(value)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '');
  return pattern.test(name) ? name : undefined;
}

function withoutHyphens(value: string, pattern: RegExp): string | undefined {
  const name = value.replaceAll(/[^A-Za-z0-9]/g, '');
  return pattern.test(name) ? name : undefined;
}
