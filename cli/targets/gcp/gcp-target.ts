import {
  generatedSecretName,
  isSecretOf,
  repositoryName,
  secretPrefix,
  stateKeys,
  userSecretName,
} from '../../../stacks/gcp/naming.js';
import { lastReleased, type ReleaseRecord } from '../../ledger/release-record.js';
import { rollbackTarget } from '../../ledger/rollback-target.js';
import { labelsOf } from '../../steps/gcp/ensure-secrets.js';
import { gcpSteps } from '../../steps/gcp/index.js';
import { knownSchema } from '../new-record.js';
import { fittingValue } from '../fitting-value.js';
import type { Target } from '../target.js';
import { databaseSecret } from './add-settling.js';
import { appliedRequests } from './applied-requests.js';
import type { GcpTargetOptions } from './gcp-target-options.js';
import { openStageTools, type StageTools } from './open-stage-tools.js';
import { newPassword } from './new-password.js';
import { planDestroy } from './plan-destroy.js';
import { planPasswordRotation } from './plan-password-rotation.js';
import { planReissue } from './plan-reissue.js';
import { recordedRelease, servingRecord } from './recorded-release.js';
import { revisionsBefore } from './revisions-before.js';
import { runTask } from './run-task.js';
import { assertBootstrapped, stageFacts, stageOutputs } from './stage-facts.js';
import { stageBackups } from './stage-backups.js';
import { logNames, stageLogs, taskLog, taskNames } from './stage-logs.js';
import { runServices } from './stage-services.js';
import { stageStatus } from './stage-status.js';

/** A target that holds files, until it is closed. */
export interface OpenGcpTarget extends Target {
  readonly tools: StageTools;
  readonly close: () => Promise<void>;
}

/** A stage on Google Cloud, as far as it needs only what was recorded of it. */
export function gcpTarget(options: GcpTargetOptions): OpenGcpTarget {
  const { name, stage, stateDirectory, flags } = options;
  const scope = { name, stage };
  const tools = openStageTools(options);
  const { ledger, gcp } = tools;
  const ofDatabase = generatedSecretName(scope, databaseSecret);
  // For what takes no signal: commands that only look end with their process.
  const never = new AbortController().signal;
  const backups = stageBackups(
    options,
    tools,
    async () => {
      const [records, outputs] = await Promise.all([ledger.list(), stageOutputs(scope, tools, never)]);
      const serving = servingRecord({ records, outputs })?.id ?? null;
      return { scope, specHash: lastReleased(records)?.specHash ?? 'none', serving, schema: knownSchema({ records }) };
    },
    never,
  );

  return {
    kind: 'gcp',
    stateDirectory,
    lock: { store: gcp.state.objects, key: stateKeys.lock(scope) },
    steps: gcpSteps,
    tools,
    concurrency: { total: 4 },
    ledger,
    async planRollback(signal, as, { to }) {
      const facts = await stageFacts(options, tools, as, signal, [ofDatabase]);
      const stored = await storedDigests(options, tools, signal);
      const record = rollbackTarget({
        records: facts.records,
        serving: servingRecord(facts)?.id ?? null,
        to,
        isComplete: (one) => isComplete(one, stored),
      });
      return planReissue({ facts, record, hasRevisions: await hasRevisions(record, options, tools, signal) });
    },
    async planRotation(signal, as, { name: secret, isMadeUp }) {
      const secretName = isMadeUp ? ofDatabase : userSecretName(scope, secret);
      const facts = await stageFacts(options, tools, as, signal, [secretName, ofDatabase]);
      if (isMadeUp) return planPasswordRotation(facts, flags);
      const record = servingRecord(facts);
      const before = facts.versions.get(secretName);
      if (record?.secrets[secret] === undefined || before === undefined) return null;
      return planReissue({ facts, record, hasRevisions: false, rotated: { secret, name: secretName, before } });
    },
    ...backups,
    async planDestroy(how) {
      const [records, outputs, found] = await Promise.all([
        ledger.list(),
        stageOutputs(scope, tools, never),
        appliedRequests(scope, tools, never),
      ]);
      const record = lastReleased(records);
      const instance = outputs.foundation?.['PostgresInstanceId'];
      const isThere = instance !== undefined && (await gcp.database.state(instance, never)) !== undefined;
      return planDestroy({
        ...how,
        scope,
        specHash: record?.specHash ?? 'none',
        // A configuration of before such notes were made is what the release says.
        applied: record === undefined ? found : { service: recordedRelease(record).request, ...found },
        serving: servingRecord({ records, outputs })?.id ?? null,
        instance: isThere ? instance : undefined,
        schema: knownSchema({ records }),
        ledger: gcp.state.objects.place(stateKeys.releases(scope)),
      });
    },
    async exists({ data }) {
      await assertBootstrapped(tools, flags, never);
      const { foundation, migrations, service } = await stageOutputs(scope, tools, never);
      if (service !== undefined || migrations !== undefined) return true;
      if (!data) return false;
      if (foundation !== undefined || (await ledger.list()).length > 0) return true;
      return (await gcp.secrets.list(secretPrefix(scope), never)).some((secret) => isSecretOf(scope, secret));
    },
    forgetIfEmpty: () => Promise.resolve(),
    close: async () => await tools.synth.dispose(),
    async secretNames() {
      const start = userSecretName(scope, '');
      return (await gcp.secrets.list(start, never)).map((secret) => secret.slice(start.length));
    },
    async setSecret(secret, value) {
      const text = fittingValue('Secret Manager', secret, value);
      await gcp.secrets.put({ name: userSecretName(scope, secret), value: text, labels: labelsOf(scope) }, never);
    },
    madeUpValue: async (part) => await newPassword(scope, part, tools, never),
    // The newest version is what the next release gets: nothing that runs sees it.
    async stageSecret({ name: secret, isMadeUp }, value) {
      const secretName = isMadeUp ? ofDatabase : userSecretName(scope, secret);
      await gcp.secrets.put(
        { name: secretName, value: fittingValue('Secret Manager', secret, value), labels: labelsOf(scope) },
        never,
      );
    },
    serviceNames: async () => await logNames(tools),
    status: async () => await stageStatus(scope, tools, never),
    run: async (runOptions) => await runTask(scope, tools, runOptions),
    taskNames: async () => await taskNames(scope, tools, never),
    taskLog: async (task) => await taskLog(task, tools, never),
    logs: (logOptions) => stageLogs(scope, tools, logOptions),
  };
}

interface StoredDigests {
  readonly uri: string | undefined;
  readonly digests: ReadonlySet<string>;
}

/** Digests of the images that the stage's own repository has. */
async function storedDigests(
  { name, stage }: GcpTargetOptions,
  { gcp }: StageTools,
  signal: AbortSignal,
): Promise<StoredDigests> {
  const uri = await gcp.registry.repository(repositoryName({ name, stage }), signal);
  const images = uri === undefined ? [] : await gcp.registry.images(uri, signal);
  return { uri, digests: new Set(images.map(({ digest }) => digest)) };
}

/** Whether everything a release runs from is still there. Of images of other registries nothing is known here. */
function isComplete(record: ReleaseRecord, { uri, digests }: StoredDigests): boolean {
  return Object.values(recordedRelease(record).request.images).every((image) => {
    const [repository, digest = ''] = image.split('@');
    return uri === undefined || !repository?.startsWith(uri) || digests.has(digest);
  });
}

/** Whether all revisions of a release are there and can serve. */
async function hasRevisions(
  record: ReleaseRecord,
  { name, stage }: GcpTargetOptions,
  { gcp }: StageTools,
  signal: AbortSignal,
): Promise<boolean> {
  const { spec } = recordedRelease(record).request;
  const revisions = revisionsBefore(record, spec);
  const found = await Promise.all(
    runServices(spec, { name, stage }).map(async ({ name: service, kind }) => {
      const revision = revisions[service];
      return revision === undefined ? undefined : await gcp.services.revision(kind, revision, signal);
    }),
  );
  return found.every((one) => one?.condition.state === 'true');
}
