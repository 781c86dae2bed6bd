import type { NodePackage } from './node-package.js';

/**
 * Pure: what a script of package.json runs, without npm in between where that is possible: npm would be one more process
 * between the signal to stop and the program.
 */
export function scriptCommand({ scripts }: Pick<NodePackage, 'scripts'>, name: string): readonly string[] {
  const words = (scripts[name] ?? '').trim().split(/\s+/);
  const [program = ''] = words;
  const needsShell = words.some((word) => /[&|;<>$`"'*=(){}\\]/.test(word));
  if (needsShell || /^(?:|npm|npx|yarn|pnpm|bun|cross-env)$/.test(program)) return ['npm', 'run', name];
  return program === 'node' ? words : [`node_modules/.bin/${program}`, ...words.slice(1)];
}
