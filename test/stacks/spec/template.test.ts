import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTemplate, referencesIn, resolveTemplate } from '../../../stacks/spec/index.js';

describe('parseTemplate', () => {
  test.each([
    ['plain', [{ kind: 'text', text: 'plain' }]],
    ['${a.b}', [{ kind: 'reference', reference: 'a.b' }]],
    [
      'x ${a} y',
      [
        { kind: 'text', text: 'x ' },
        { kind: 'reference', reference: 'a' },
        { kind: 'text', text: ' y' },
      ],
    ],
    ['cost $${5} and $9', [{ kind: 'text', text: 'cost ${5} and $9' }]],
    ['${never closed', [{ kind: 'text', text: '${never closed' }]],
    ['', []],
  ])('splits %j', (template, parts) => {
    expect(parseTemplate(template)).toEqual(parts);
  });
});

describe('referencesIn', () => {
  test('lists each reference once, in order', () => {
    expect(referencesIn('${b}-${a}-${b} $${c}')).toEqual(['b', 'a']);
  });
});

describe('resolveTemplate', () => {
  test('replaces every reference', () => {
    const values: Record<string, string> = { 'postgres.user': 'app', 'postgres.password': 'p@ss' };

    const text = resolveTemplate('postgresql://${postgres.user}:${postgres.password}@db', (name) => values[name]);

    expect(text).toBe('postgresql://app:p@ss@db');
  });

  test('does not look into what it put in', () => {
    expect(resolveTemplate('${a}', () => '${b}')).toBe('${b}');
  });

  test('names a reference that nobody knows', () => {
    expect(() => resolveTemplate('${nope}', () => undefined)).toThrow('nothing to put in place of ${nope}');
  });

  test('gives back any text once its ${ are escaped', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        // A "$" right before "${" would read as the escape itself.
        fc.pre(!text.includes('$${') && !text.includes('$$'));
        expect(
          resolveTemplate(
            text.replaceAll('${', () => '$${'),
            () => undefined,
          ),
        ).toBe(text);
      }),
    );
  });
});
