import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import * as z from 'zod';
import type { TemplateFinding } from './template-finding.js';

/** The version that aws-cdk-lib carries, which a test compares: what another one found is not what this one finds. */
export const validatorVersion = '1.14.0';

/** A release changes one or two templates, so this is a hundred releases. */
const keptEntries = 200;

const findings = z.array(
  z.object({
    rule: z.string(),
    severity: z.enum(['error', 'warning']),
    message: z.string(),
    logicalId: z.string().optional(),
    property: z.string().optional(),
    fix: z.string().optional(),
  }),
);

/** Findings by the content of a template. A file that cannot be read is as good as absent. */
export class FindingCache {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async find(template: string): Promise<readonly TemplateFinding[] | undefined> {
    try {
      return findings.parse(JSON.parse(await readFile(this.#file(template), 'utf8')));
    } catch {
      return undefined;
    }
  }

  async keep(template: string, found: readonly TemplateFinding[]): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
    await writeFileAtomic(this.#file(template), JSON.stringify(found));
    await this.#prune();
  }

  #file(template: string): string {
    const hash = createHash('sha256').update(`${validatorVersion}\n${template}`).digest('hex');
    return join(this.#directory, `${hash}.json`);
  }

  async #prune(): Promise<void> {
    const names = await readdir(this.#directory);
    if (names.length <= keptEntries) return;
    const entries = await Promise.all(
      names.map(async (name) => ({ name, time: (await stat(join(this.#directory, name))).mtimeMs })),
    );
    const old = entries.toSorted((left, right) => right.time - left.time).slice(keptEntries);
    await Promise.all(old.map(async ({ name }) => await rm(join(this.#directory, name), { force: true })));
  }
}
