import type { StageScope } from '../../../stacks/aws/naming.js';
import { datedId } from '../../supervisor/data/dated-id.js';
import type { AwsStageFacts } from './aws-facts.js';
import { knownSchema } from '../new-record.js';

/** Pure: `support-agent-production-b20261120-101502-ab12`: snapshots have one name space in an account and region. */
export function snapshotId({ name, stage }: StageScope, at: string, seed: string): string {
  return `${name}-${stage}-${datedId('backup', new Date(at), seed)}`;
}

/** Pure: what is kept with a snapshot besides its reason. */
export function snapshotTags(facts: Pick<AwsStageFacts, 'scope' | 'records'>): Record<string, string> {
  const schema = knownSchema(facts);
  return {
    'agentctl:name': facts.scope.name,
    'agentctl:stage': facts.scope.stage,
    ...(schema === null ? {} : { 'agentctl:schema': schema }),
  };
}
