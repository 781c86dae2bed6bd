/** What CloudFormation writes for a value that is known only once the change is made. */
export const knownAfterApply = '{{changeSet:KNOWN_AFTER_APPLY}}';
