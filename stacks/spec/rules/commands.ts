import { formatPath, type SpecProblem } from '../problem.js';
import { containsToken, containsUrlPassword } from '../secret-shapes.js';
import { needsShell, splitCommand } from '../split-command.js';
import { referencesIn } from '../template.js';
import type { Rule } from './rule.js';
import { workloadsOf, type PlacedWorkload } from './workloads-of.js';

/** A command is a program with arguments: no shell syntax, no reference but `${port}`. */
export const commands: Rule = (spec) => workloadsOf(spec).flatMap(problemsOf);

function problemsOf(workload: PlacedWorkload): readonly SpecProblem[] {
  const { command = [] } = workload;
  const path = [...workload.path, 'command'];
  const [program = '', ...rest] = command;
  if (rest.length === 0 && /\s/.test(program)) {
    const hidden = containsToken(program) || containsUrlPassword(program);
    const list = needsShell(program) ? `[sh, -c, ${JSON.stringify(program)}]` : splitCommand(program);
    const message = `${formatPath(path)} is one item that contains spaces; no shell will split it`;
    const fix = hidden ? 'write one item per argument' : `write ${list}`;
    return [{ code: 'shell-in-command', path: [...path, 0], at: 'value', message, fix }];
  }
  return command.flatMap((item, index) => itemProblems(item, [...path, index], workload));
}

function itemProblems(item: string, path: SpecProblem['path'], workload: PlacedWorkload): readonly SpecProblem[] {
  const place = { path, at: 'value' as const };
  if (/^(?:;|&&?|\|\|?|[<>]+)$/.test(item)) {
    const message = `"${item}" is shell syntax, and no shell reads a command`;
    return [{ ...place, code: 'shell-in-command', message, found: item, fix: 'write [sh, -c, "first && second"]' }];
  }
  return referencesIn(item).flatMap((reference): readonly SpecProblem[] => {
    const found = `\${${reference}}`;
    if (reference !== 'port') {
      const message = `${found} cannot stand in a command, where everyone on the machine could read it`;
      const fix = /^\w+$/.test(reference)
        ? `pass it through env; for a variable of a shell write $$\{${reference}}`
        : 'pass it through env';
      return [{ ...place, code: 'unknown-reference', message, found, allowed: ['${port}'], fix }];
    }
    if (workload.port !== undefined) return [];
    const message = `${found} is used, but this ${workload.kind} has no port`;
    return [{ ...place, code: 'unknown-reference', message, found, fix: 'add a port to the service, or remove it' }];
  });
}
