import { readFileSync } from 'node:fs';

/** The template of stack `agentctl-bootstrap`, as JSON text. It lies beside this, or beside the bundle that this is in. */
export function bootstrapTemplate(): string {
  const isSource = import.meta.url.endsWith('.ts');
  const path = `${isSource ? '../../../' : '../../'}stacks/aws/bootstrap-template.json`;
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}
