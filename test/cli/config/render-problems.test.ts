import { expect, test } from 'vitest';
import type { ConfigProblem } from '../../../cli/config/problem.js';
import { renderProblems } from '../../../cli/config/render-problems.js';

const problem: ConfigProblem = {
  code: 'not-allowed',
  file: 'agentctl.yaml',
  line: 12,
  column: 9,
  path: ['queue', 'engine'],
  message: 'queue.engine cannot be "rabitmq"',
  found: '"rabitmq"',
  allowed: ['redis', 'rabbitmq', 'managed'],
  suggestion: 'rabbitmq',
  fix: 'write rabbitmq',
  sourceLine: 'engine: rabitmq',
  caretColumn: 9,
  caretLength: 7,
};

test('colours go around the parts they are for', () => {
  const colours = {
    error: (text: string) => `<e>${text}</e>`,
    strong: (text: string) => `<s>${text}</s>`,
    faint: (text: string) => `<f>${text}</f>`,
  };

  expect(renderProblems([problem], { colours }).split('\n').slice(0, 5)).toEqual([
    '<e>error[not-allowed]:</e><s> queue.engine cannot be "rabitmq"</s>',
    '   <f>--></f> agentctl.yaml:12:9',
    '<f>    |</f>',
    '<f> 12 |</f> engine: rabitmq',
    '<f>    |</f>         <e>^^^^^^^</e>',
  ]);
});

test('text keeps to the width', () => {
  const long = { ...problem, message: 'a word '.repeat(40).trim(), fix: 'do this '.repeat(40).trim() };

  const widest = Math.max(
    ...renderProblems([long], { width: 60 })
      .split('\n')
      .map((line) => line.length),
  );

  expect(widest).toBeLessThanOrEqual(62);
});

test('the summary can be left to the caller', () => {
  expect(renderProblems([problem])).toMatch(/\n\n1 problem in agentctl\.yaml$/);
  expect(renderProblems([problem], { summary: false })).toMatch(/fix: write rabbitmq$/);
});

test('a long list of what is allowed is cut short', () => {
  const allowed = Array.from({ length: 40 }, (_, index) => `region-${index}`);

  expect(renderProblems([{ ...problem, allowed }])).toMatch(/region-5, and\s+34 more/);
});
