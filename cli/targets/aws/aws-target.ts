import { stackKinds, stateKeys, userSecretName } from '../../../stacks/aws/naming.js';
import { lastReleased, type ReleaseRecord } from '../../ledger/release-record.js';
import { rollbackTarget } from '../../ledger/rollback-target.js';
import { awsSteps } from '../../steps/aws/index.js';
import { tagsOf } from '../../steps/aws/ensure-secrets.js';
import { repositoryName } from '../../../stacks/aws/naming.js';
import { fittingValue } from '../fitting-value.js';
import type { Target } from '../target.js';
import type { AwsStageFacts } from './aws-facts.js';
import type { AwsTargetOptions } from './aws-target-options.js';
import { openStageTools, type StageTools } from './open-stage-tools.js';
import { planDestroy } from './plan-destroy.js';
import { newPassword } from './new-password.js';
import { planPasswordRotation } from './plan-password-rotation.js';
import { planReissue } from './plan-reissue.js';
import { recordedRequest } from './recorded-release.js';
import { rotatedVersion } from './rotated-version.js';
import { runTask } from './run-task.js';
import { servingRecord } from './serving-release.js';
import { snapshotTags } from './snapshot-id.js';
import { replacedInstances, stageBackups } from './stage-backups.js';
import { assertBootstrapped, stackStates, stageFacts } from './stage-facts.js';
import { logNames, stageLogs, taskLog, taskNames } from './stage-logs.js';
import { stageStatus } from './stage-status.js';

/** A target that holds connections and files, until it is closed. */
export interface OpenAwsTarget extends Target {
  readonly tools: StageTools;
  readonly close: () => Promise<void>;
}

/** A stage on AWS, as far as it needs only what was recorded of it. */
export function awsTarget(options: AwsTargetOptions): OpenAwsTarget {
  const { name, stage, stateDirectory } = options;
  const scope = { name, stage };
  const tools = openStageTools(options);
  const { ledger, aws } = tools;
  // For what takes no signal: commands that only look end with their process.
  const never = new AbortController().signal;
  const prefix = `agentctl/${name}/${stage}/`;

  const about = async () => {
    const [records, stacks] = await Promise.all([ledger.list(), stackStates(scope, tools, never)]);
    const serving = servingRecord({ records, stacks })?.id ?? null;
    return { scope, specHash: lastReleased(records)?.specHash ?? 'none', serving, records, stacks };
  };
  const backups = stageBackups(
    options,
    tools,
    async () => {
      const { specHash, serving } = await about();
      return { scope, specHash, serving };
    },
    never,
  );

  return {
    kind: 'aws',
    stateDirectory,
    lock: { store: aws.state.objects, key: stateKeys.lock(scope) },
    steps: awsSteps,
    tools,
    concurrency: { total: 4 },
    ledger,
    async planRollback(signal, as, { to }) {
      const facts = await stageFacts(options, tools, as, signal);
      const stored = await storedDigests(facts, tools, signal);
      const record = rollbackTarget({
        records: facts.records,
        serving: servingRecord(facts)?.id ?? null,
        to,
        isComplete: (one) => isComplete(one, stored),
      });
      return planReissue({ facts, record });
    },
    async planRotation(signal, as, secret) {
      const facts = await stageFacts(options, tools, as, signal);
      if (secret.isMadeUp) return planPasswordRotation(facts, rotatedVersion(scope, secret), options.flags);
      const record = servingRecord(facts);
      if (record?.secrets[secret.name] === undefined) return null;
      return planReissue({ facts, record, rotated: rotatedVersion(scope, secret) });
    },
    ...backups,
    async planDestroy(how) {
      const { records, stacks, specHash, serving } = await about();
      const instance = stacks.foundation?.outputs['PostgresInstanceId'];
      const isThere = instance !== undefined && (await aws.database.state(instance, never)) !== undefined;
      const replaced = instance === undefined ? [] : await replacedInstances(instance, tools, never);
      return planDestroy({
        ...how,
        scope,
        specHash,
        serving,
        instance: isThere ? instance : undefined,
        replaced: replaced.map(({ id }) => id),
        tags: snapshotTags({ scope, records }),
        alwaysKept: [
          ...(instance === undefined ? [] : ['snapshots of the database: agentctl backup list, or RDS']),
          `the release ledger: ${aws.state.objects.place(stateKeys.releases(scope))}`,
        ],
      });
    },
    async exists({ data }) {
      await assertBootstrapped(tools, options.flags, never);
      const stacks = await stackStates(scope, tools, never);
      if (stacks.service !== undefined || stacks.migrations !== undefined) return true;
      if (!data) return false;
      if (stackKinds.some((kind) => stacks[kind] !== undefined)) return true;
      return (await aws.secrets.list(prefix, never)).length > 0;
    },
    forgetIfEmpty: () => Promise.resolve(),
    async close() {
      aws.close();
      await tools.synth.dispose();
    },
    async secretNames() {
      const start = userSecretName(scope, '');
      const found = await aws.secrets.list(start, never);
      return found.flatMap((secret) => (secret.version === null ? [] : [secret.name.slice(start.length)]));
    },
    async setSecret(secret, value) {
      const text = fittingValue('Secrets Manager', secret, value);
      // The key of secrets is that of bootstrap.
      await assertBootstrapped(tools, options.flags, never);
      await aws.secrets.put({ name: userSecretName(scope, secret), value: text, tags: tagsOf(scope) }, never);
    },
    madeUpValue: async (part) => await newPassword(scope, part, tools, never),
    async stageSecret(secret, value) {
      const { name: secretName, version } = rotatedVersion(scope, secret);
      await aws.secrets.put(
        { name: secretName, value: fittingValue('Secrets Manager', secret.name, value), version, as: 'pending' },
        never,
      );
    },
    serviceNames: async () => await logNames(scope, tools, never),
    status: async () => await stageStatus(scope, tools, never),
    run: async (runOptions) => await runTask(scope, tools, runOptions),
    taskNames: async () => await taskNames(scope, tools, never),
    taskLog: async (task) => await taskLog(scope, task, tools, never),
    logs: (logOptions) => stageLogs(scope, tools, logOptions),
  };
}

/** Digests of the images that the stage's own repository has. */
async function storedDigests(
  { scope }: Pick<AwsStageFacts, 'scope'>,
  { aws }: StageTools,
  signal: AbortSignal,
): Promise<{ readonly uri: string | undefined; readonly digests: ReadonlySet<string> }> {
  const repository = repositoryName(scope);
  const uri = await aws.registry.repository(repository, signal);
  const images = uri === undefined ? [] : await aws.registry.images(repository, signal);
  return { uri, digests: new Set(images.map(({ digest }) => digest)) };
}

/** Whether everything a release runs from is still there. Of images of other registries nothing is known here. */
function isComplete(
  record: ReleaseRecord,
  { uri, digests }: { readonly uri: string | undefined; readonly digests: ReadonlySet<string> },
): boolean {
  const images = Object.values(recordedRequest(record).images);
  return images.every((image) => {
    const [repository, digest = ''] = image.split('@');
    return repository !== uri || digests.has(digest);
  });
}
