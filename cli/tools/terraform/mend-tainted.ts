import { AgentctlError } from '../../errors.js';
import { runTerraform, type TerraformPlace } from './run-terraform.js';
import { taintedResources } from './tainted-resources.js';
import { untaintArguments } from './terraform-commands.js';
import type { DeployTerraformOptions } from './terraform-tools.js';

type MendOptions = Pick<DeployTerraformOptions, 'signal' | 'log' | 'allowReplace' | 'unusable'> & {
  readonly mendedTypes: ReadonlySet<string>;
};

/**
 * Has Terraform take what is there although its creation failed: the next plan says what it lacks, and changes it in place.
 * Returns whether there was something. `locked` does what takes the lock.
 *
 * @throws Refused: it holds data, and cannot be used as it is
 */
export async function mendTainted(
  place: TerraformPlace,
  { signal, log, mendedTypes, allowReplace = [], unusable }: MendOptions,
  locked: (work: () => Promise<void>) => Promise<void>,
): Promise<boolean> {
  const tainted = await taintedResources(place, mendedTypes, signal);
  const kept = tainted.filter(({ address }) => !allowReplace.includes(address));
  for (const resource of kept) {
    const reason = await unusable?.(resource);
    if (reason !== undefined) throw notUsable(place.name, resource.address, reason);
  }
  for (const { address } of kept) {
    log(`${address} is there although its creation failed: it is put right in place`);
    await locked(async () => void (await runTerraform(place, untaintArguments(address), { signal, phase: 'other' })));
  }
  return kept.length > 0;
}

function notUsable(stack: string, address: string, reason: string): AgentctlError {
  return new AgentctlError('Refused', `stack ${stack}: the creation of ${address} failed, and ${reason}`, {
    fix: `wait until it can be used, or remove it if nothing is in it (with what Google Cloud says of it), and run it again; --allow-replace ${address} has Terraform replace it`,
    data: { stack, address },
  });
}
