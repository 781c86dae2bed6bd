import { createRequire } from 'node:module';
import { join } from 'node:path';

const preload = join(import.meta.dirname, 'preload/quick-retries.cjs');

/** Makes the CDK toolkit of this process repeat calls at once. To be called before the toolkit is loaded. */
export function quickRetries(): void {
  createRequire(import.meta.url)(preload);
}

/** Pure: `NODE_OPTIONS` with which another process does so too. */
export function withQuickRetries(nodeOptions = ''): string {
  const option = `--require=${JSON.stringify(preload)}`;
  return nodeOptions.includes(option) ? nodeOptions : [nodeOptions, option].filter(Boolean).join(' ');
}
