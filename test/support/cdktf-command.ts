import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * The `cdktf` command (cdktf-cli 0.21, 476 packages and 420 MB, so nothing here installs it): as AGENTCTL_CDKTF names it, or as
 * it is on the PATH. Undefined: it is not at hand.
 */
export function cdktfCommand(): string | undefined {
  const { AGENTCTL_CDKTF: named, PATH = '' } = process.env;
  if (named !== undefined && named !== '') return named;
  return PATH.split(delimiter)
    .map((place) => join(place, 'cdktf'))
    .find((file) => existsSync(file));
}
