import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadSpec } from '../../../cli/config/load-spec.js';
import { renderProblems } from '../../../cli/config/render-problems.js';

const directory = join(import.meta.dirname, '../../fixtures/bad-config');
const cases = readdirSync(directory).filter((name) => name.endsWith('.yaml'));

test.each(cases)('%s is refused with exactly the expected text', async (file) => {
  const loaded = await loadSpec({ directory, file, stage: 'production' });

  const text = loaded.kind === 'invalid' ? renderProblems(loaded.problems) : 'no problem was found';
  await expect(`${text}\n`).toMatchFileSnapshot(join(directory, file.replace('.yaml', '.txt')));
});
