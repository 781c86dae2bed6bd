import { GoogleError } from '../../google-error.js';
import type { LogEntry } from './log-store.js';

type Predicate = (entry: LogEntry) => boolean;

const token = /\s*(?:("(?:[^"\\]|\\.)*")|(>=|<=|!=|=~|!~|[()=:<>,])|(-(?=[\w(]))|([^\s()=:<>,!"]+))/y;

/**
 * Reads the query language of Cloud Logging as far as tools use it: comparisons, AND, OR, NOT, parentheses, `log_id()`
 * (Cloud Logging, "Logging query language").
 */
export function logFilter(text: string): Predicate {
  const words = wordsOf(text);
  let at = 0;
  const peek = (): string | undefined => words[at];
  const take = (): string => {
    const word = words[at];
    if (word === undefined) throw wrong(text);
    at += 1;
    return word;
  };
  const expect = (word: string): void => {
    if (take() !== word) throw wrong(text);
  };
  const either = (): Predicate => {
    const parts = [both()];
    while (peek() === 'OR') {
      at += 1;
      parts.push(both());
    }
    return (entry) => parts.some((part) => part(entry));
  };
  const both = (): Predicate => {
    const parts = [single()];
    for (let word = peek(); word !== undefined && word !== ')' && word !== 'OR'; word = peek()) {
      if (word === 'AND') at += 1;
      parts.push(single());
    }
    return (entry) => parts.every((part) => part(entry));
  };
  const single = (): Predicate => {
    const word = take();
    if (word === 'NOT' || word === '-') {
      const inner = single();
      return (entry) => !inner(entry);
    }
    if (word === '(') {
      const inner = either();
      expect(')');
      return inner;
    }
    if (word === 'log_id' && peek() === '(') {
      at += 1;
      const id = encodeURIComponent(unquoted(take()));
      expect(')');
      return ({ logName }) => logName.endsWith(`/logs/${id}`);
    }
    const path = pathOf(word);
    return comparison(path, take());
  };
  /** `labels."run.googleapis.com/execution_name"` comes in two words. */
  const pathOf = (word: string): readonly string[] => {
    let path = word;
    while (path.endsWith('.') && peek()?.startsWith('"') === true) path += take();
    return (path.match(/"(?:[^"\\]|\\.)*"|[^.]+/g) ?? []).map(unquoted);
  };
  const comparison = (path: readonly string[], operator: string): Predicate => {
    if (peek() !== '(') return compare(path, operator, unquoted(take()));
    at += 1;
    const values = [unquoted(take())];
    while (peek() === 'OR') {
      at += 1;
      values.push(unquoted(take()));
    }
    expect(')');
    const parts = values.map((value) => compare(path, operator, value));
    return (entry) => parts.some((part) => part(entry));
  };
  if (words.length === 0) return () => true;
  const predicate = either();
  if (at < words.length) throw wrong(text);
  return predicate;
}

/** From the least to the most (LogSeverity). */
const severities = ['DEFAULT', 'DEBUG', 'INFO', 'NOTICE', 'WARNING', 'ERROR', 'CRITICAL', 'ALERT', 'EMERGENCY'];

function compare(path: readonly string[], operator: string, wanted: string): Predicate {
  const order = (left: string, right: string): number => {
    if (path[0] === 'severity') return severities.indexOf(left) - severities.indexOf(right);
    if (path[0] === 'timestamp') return timeOf(left) < timeOf(right) ? -1 : timeOf(left) > timeOf(right) ? 1 : 0;
    return left < right ? -1 : left > right ? 1 : 0;
  };
  return (entry) => {
    const value = valueAt(entry, path);
    if (value === undefined) return operator === '!=';
    switch (operator) {
      case '=':
        return order(value, wanted) === 0;
      case '!=':
        return order(value, wanted) !== 0;
      case '>=':
        return order(value, wanted) >= 0;
      case '>':
        return order(value, wanted) > 0;
      case '<=':
        return order(value, wanted) <= 0;
      case '<':
        return order(value, wanted) < 0;
      case ':':
        return value.toLowerCase().includes(wanted.toLowerCase());
      case '=~':
        return new RegExp(wanted).test(value);
      default:
        throw wrong(operator);
    }
  };
}

/** To the nanosecond: a text of digits that sorts as the times do. */
function timeOf(text: string): string {
  const [, whole = text, fraction = ''] = /^(.*?)(?:\.(\d+))?(?:Z|\+00:00)$/.exec(text) ?? [];
  return `${whole}.${fraction.padEnd(9, '0')}`;
}

function valueAt(entry: LogEntry, path: readonly string[]): string | undefined {
  let value: unknown = entry;
  for (const name of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  token.lastIndex = 0;
  while (text.slice(token.lastIndex).trim() !== '') {
    const match = token.exec(text);
    if (match === null) throw wrong(text);
    words.push(match[1] ?? match[2] ?? match[3] ?? match[4] ?? '');
  }
  return words;
}

function unquoted(word: string): string {
  return word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word;
}

function wrong(text: string): GoogleError {
  return new GoogleError('INVALID_ARGUMENT', `Unparseable filter: syntax error in "${text}"`);
}
