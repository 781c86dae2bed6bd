import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';

/** What gcloud completes at a shell: its commands and their flags. */
export interface CompletionTree {
  readonly commands: Readonly<Record<string, CompletionTree>>;
  readonly flags: Readonly<Record<string, unknown>>;
}

const treeSchema: z.ZodType<CompletionTree> = z.object({
  commands: z.record(
    z.string(),
    z.lazy(() => treeSchema),
  ),
  flags: z.record(z.string(), z.unknown()),
});

/** The command groups that agentctl uses: the whole tree is 6 MB. */
const groups = 'artifacts auth beta iam logging projects redis run secrets services sql storage';

/**
 * The tree of the gcloud on the PATH, which it has as a file: to start gcloud for each command would take two seconds each.
 * Undefined: there is no gcloud, or none with that file.
 */
export async function completionTree(): Promise<CompletionTree | undefined> {
  const file = completionFile();
  if (file === undefined) return undefined;
  const script = [
    'import ast, json, sys',
    'text = open(sys.argv[1]).read()',
    "tree = ast.literal_eval(text[text.index('STATIC_COMPLETION_CLI_TREE') + len('STATIC_COMPLETION_CLI_TREE = '):])",
    "beta = tree['commands']['beta']",
    "beta['commands'] = {'run': beta['commands']['run']}",
    "tree['commands'] = {name: tree['commands'][name] for name in sys.argv[2].split() if name in tree['commands']}",
    'print(json.dumps(tree))',
  ].join('\n');
  const { stdout } = await promisify(execFile)('python3', ['-c', script, file, groups], { maxBuffer: 2 ** 26 }).catch(
    () => ({ stdout: '' }),
  );
  return stdout === '' ? undefined : treeSchema.parse(JSON.parse(stdout));
}

function completionFile(): string | undefined {
  const found = (process.env['PATH'] ?? '').split(delimiter).map((directory) => join(directory, 'gcloud'));
  const gcloud = found.find((file) => existsSync(file));
  if (gcloud === undefined) return undefined;
  // Packages of distributions link /usr/bin/gcloud to a script beside the SDK.
  const roots = [join(dirname(realpathSync(gcloud)), '..'), '/usr/lib/google-cloud-sdk'];
  return roots.map((root) => join(root, 'data', 'cli', 'gcloud_completions.py')).find((file) => existsSync(file));
}

/** Pure: the first word of a command line that is neither a command, a flag nor an argument; undefined: gcloud knows it. */
export function unknownWord(tree: CompletionTree, words: readonly string[]): string | undefined {
  let node = tree;
  const flags = new Set(Object.keys(tree.flags));
  for (const word of words) {
    if (word.startsWith('--')) {
      const flag = word.split('=', 1)[0] ?? '';
      const positive = flag.replace(/^--no-/, '--');
      if (!flags.has(flag) && !flags.has(positive)) return flag;
      continue;
    }
    const next = node.commands[word];
    if (next !== undefined) {
      node = next;
      for (const flag of Object.keys(next.flags)) flags.add(flag);
    } else if (Object.keys(node.commands).length > 0) return word;
  }
  return Object.keys(node.commands).length === 0 ? undefined : words.at(-1);
}
