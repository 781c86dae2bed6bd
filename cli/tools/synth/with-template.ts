import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Hands over a copy of an assembly in which a stack has another template, and removes it afterwards. */
export async function withTemplate<T>(
  { directory, stack, template }: { readonly directory: string; readonly stack: string; readonly template: object },
  use: (directory: string) => Promise<T>,
): Promise<T> {
  const copy = await mkdtemp(join(tmpdir(), 'agentctl-assembly-'));
  try {
    await cp(directory, copy, { recursive: true });
    const text = JSON.stringify(template);
    await writeFile(join(copy, `${stack}.template.json`), text);
    await renameAsset(copy, stack, createHash('sha256').update(text).digest('hex'));
    return await use(copy);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** A template is uploaded under the hash that the assembly says, and only when nothing is there under it. */
async function renameAsset(directory: string, stack: string, hash: string): Promise<void> {
  const assets = join(directory, `${stack}.assets.json`);
  const manifest = join(directory, 'manifest.json');
  const before = /"([0-9a-f]{64})": \{/.exec(await readFile(assets, 'utf8'))?.[1];
  if (before === undefined) throw new Error(`${stack}.assets.json names no template`);
  for (const file of [assets, manifest]) await writeFile(file, (await readFile(file, 'utf8')).replaceAll(before, hash));
}
