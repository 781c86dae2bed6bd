interface Field {
  readonly title: string;
  readonly lowest: number;
  readonly highest: number;
  readonly names?: readonly string[];
}

const fields: readonly Field[] = [
  { title: 'a minute', lowest: 0, highest: 59 },
  { title: 'an hour', lowest: 0, highest: 23 },
  { title: 'a day of the month', lowest: 1, highest: 31 },
  {
    title: 'a month',
    lowest: 1,
    highest: 12,
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  { title: 'a day of the week', lowest: 0, highest: 7, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

/** Days of each month in the longest year. */
const longestMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Why a cron expression cannot be used; undefined when it can. Five fields: minute hour day-of-month month day-of-week. */
export function cronProblem(expression: string): string | undefined {
  const parts = expression.trim().split(/\s+/);
  if (expression.trim().startsWith('@')) return `${expression.trim()} is a nickname; write its five fields`;
  if (parts.length !== 5)
    return `it has ${parts.length} fields instead of 5 (minute hour day-of-month month day-of-week)`;
  const problems = fields.flatMap((field, index) => fieldProblem(parts[index] ?? '', field) ?? []);
  return problems[0] ?? impossibleDay(parts[2] ?? '*', parts[3] ?? '*', parts[4] ?? '*');
}

function fieldProblem(text: string, field: Field): string | undefined {
  for (const item of text.split(',')) {
    const [range = '', step, ...more] = item.split('/');
    const ends = range === '*' ? [] : range.split('-');
    const numbers = ends.map((end) => numberOf(end, field));
    const unreadable = more.length > 0 || ends.length > 2 || numbers.includes(undefined) || step === '';
    if (unreadable) return `${JSON.stringify(item)} is not ${field.title}`;
    const wrong = numbers.find((number) => number !== undefined && (number < field.lowest || number > field.highest));
    if (wrong !== undefined) return `${wrong} is not ${field.title} (${field.lowest} to ${field.highest})`;
    const [from, to] = numbers;
    if (from !== undefined && to !== undefined && from > to) return `the range ${range} runs backwards`;
    const stride = step === undefined ? 1 : Number(step);
    if (!Number.isInteger(stride) || stride < 1 || stride > field.highest)
      return `"/${step}" is not a step that can be taken`;
  }
  return undefined;
}

function numberOf(text: string, field: Field): number | undefined {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const index = field.names?.indexOf(text.toLowerCase()) ?? -1;
  return index === -1 ? undefined : index + field.lowest;
}

/** A day like 31 February never comes, unless a day of the week is given too: either of them then fires. */
function impossibleDay(days: string, months: string, weekdays: string): string | undefined {
  if (days.includes('*') || months === '*' || weekdays !== '*') return undefined;
  const firstDay = Math.min(...numbersIn(days, fields[2]));
  const longest = Math.max(...numbersIn(months, fields[3]).map((month) => longestMonths[month - 1] ?? 31));
  return firstDay > longest ? `day ${firstDay} never comes in month ${months}` : undefined;
}

function numbersIn(text: string, field: Field | undefined): readonly number[] {
  if (field === undefined) return [];
  return text.split(',').flatMap((item) => {
    const [range = '', step = '1'] = item.split('/');
    const [from, to] =
      range === '*' ? [field.lowest, field.highest] : range.split('-').map((end) => numberOf(end, field) ?? 0);
    const last = to ?? (item.includes('/') ? field.highest : (from ?? 0));
    const numbers: number[] = [];
    for (let number = from ?? 0; number <= last; number += Number(step)) numbers.push(number);
    return numbers;
  });
}
