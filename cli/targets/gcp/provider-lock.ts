import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Path of Terraform’s lock file with the checksums of Google’s provider, as `npm run lock:gcp` writes it; undefined: this version
 * came without one, and `terraform init` takes what the registry signs. It lies beside this, or beside the bundle that this is in.
 */
export function providerLockFile(): string | undefined {
  const isSource = import.meta.url.endsWith('.ts');
  const path = `${isSource ? '../../../' : '../../'}stacks/gcp/terraform.lock.hcl`;
  const file = fileURLToPath(new URL(path, import.meta.url));
  return existsSync(file) ? file : undefined;
}
