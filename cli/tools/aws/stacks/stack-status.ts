/** What can be done with a stack in a status (CloudFormation user guide, "Stack status codes"). */
export type StackCondition =
  /** Something goes on, ours or not. */
  | 'busy'
  /** It can be deployed, and is what its template says. */
  | 'done'
  /** It can be deployed, and is what it was before the last deploy. */
  | 'rolled-back'
  /** It has never been there: nothing but deleting it is possible. */
  | 'never-created'
  /** It waits for a change set that nobody runs. */
  | 'in-review'
  /** Its last rollback did not end. */
  | 'stuck-in-rollback'
  /** A failed update was left as it is. */
  | 'paused'
  /** It could not be deleted. */
  | 'delete-failed'
  | 'deleted';

/** Pure: the condition of a status. */
export function stackCondition(status: string): StackCondition {
  switch (status) {
    case 'REVIEW_IN_PROGRESS':
      return 'in-review';
    case 'ROLLBACK_COMPLETE':
    case 'ROLLBACK_FAILED':
    case 'CREATE_FAILED':
      return 'never-created';
    case 'UPDATE_ROLLBACK_COMPLETE':
    case 'IMPORT_ROLLBACK_COMPLETE':
      return 'rolled-back';
    case 'UPDATE_ROLLBACK_FAILED':
    case 'IMPORT_ROLLBACK_FAILED':
      return 'stuck-in-rollback';
    case 'UPDATE_FAILED':
      return 'paused';
    case 'DELETE_FAILED':
      return 'delete-failed';
    case 'DELETE_COMPLETE':
      return 'deleted';
    default:
      return status.endsWith('_IN_PROGRESS') ? 'busy' : 'done';
  }
}
