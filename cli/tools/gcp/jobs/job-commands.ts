import { dictionaryText, type GcloudWords } from '../gcloud/gcloud-argv.js';

/** The variable that says which attempt a run is: runs have no labels of their own. */
export const attemptVariable = 'AGENTCTL_ATTEMPT';

/** Pure: command lines of Cloud Run jobs. */
export const jobCommands = {
  execute: (job: string, attempt: string, region: string): GcloudWords => [
    'run',
    'jobs',
    'execute',
    job,
    '--async',
    `--update-env-vars=${dictionaryText({ [attemptVariable]: attempt })}`,
    at(region),
  ],
  execution: (name: string, region: string): GcloudWords => ['run', 'jobs', 'executions', 'describe', name, at(region)],
  executions: (job: string, region: string): GcloudWords => [
    'run',
    'jobs',
    'executions',
    'list',
    `--job=${job}`,
    '--limit=50',
    at(region),
  ],
  tasks: (execution: string, region: string): GcloudWords => [
    'run',
    'jobs',
    'executions',
    'tasks',
    'list',
    `--execution=${execution}`,
    at(region),
  ],
  cancel: (execution: string, region: string): GcloudWords => [
    'run',
    'jobs',
    'executions',
    'cancel',
    execution,
    at(region),
  ],
  /** The document is read from standard input. */
  replace: (region: string): GcloudWords => ['run', 'jobs', 'replace', '-', at(region)],
  remove: (job: string, region: string): GcloudWords => ['run', 'jobs', 'delete', job, at(region)],
} as const;

function at(region: string): string {
  return `--region=${region}`;
}
