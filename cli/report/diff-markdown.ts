import type { Plan, ResourceChange, StackChanges } from '../plan/plan.js';
import { countsText, newStackText } from './changes-text.js';

/** Pure: what a deploy would do, as a comment on a pull request. */
export function diffMarkdown(plan: Plan): string {
  const head = `### agentctl: ${plan.name} on ${plan.target}, stage ${plan.stage}`;
  if (plan.release === null) return `${head}\n\nNo changes.\n`;
  const changes = plan.changes ?? [];
  const tables = changes.flatMap((stack) => ['', ...(stack.isNew ? [newStack(stack)] : table(stack))]);
  const widening = changes.flatMap(({ isNew, iamWidening }) => (isNew ? [] : iamWidening));
  const permissions =
    widening.length === 0 ? [] : ['', '**Permits more than before**', '', ...widening.map((line) => `- ${code(line)}`)];
  const steps = plan.steps.map(({ title }, index) => `${index + 1}. ${title}`);
  const list = [
    '',
    `<details><summary>${steps.length} steps, release ${plan.release}</summary>`,
    '',
    ...steps,
    '',
    '</details>',
    '',
  ];
  return [head, ...tables, ...permissions, ...list].join('\n');
}

function newStack(stack: StackChanges): string {
  return `**${stack.stack}**: ${newStackText(stack)}`;
}

function table(stack: StackChanges): readonly string[] {
  return [
    `**${stack.stack}**: ${countsText(stack)}`,
    '',
    '| | resource | type | properties |',
    '|---|---|---|---|',
    ...rows('added', stack.created),
    ...rows('changed', stack.changed),
    ...rows('**replaced**', stack.replaced),
    ...rows('**removed**', stack.removed),
  ];
}

function rows(what: string, resources: readonly ResourceChange[]): readonly string[] {
  return resources.map(
    ({ logicalId, type, properties }) => `| ${what} | ${code(logicalId)} | ${type} | ${properties.join(', ')} |`,
  );
}

function code(text: string): string {
  return `\`${text.replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}
