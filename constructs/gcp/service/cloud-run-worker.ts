import { CloudRunV2WorkerPool } from '@cdktf/provider-google/lib/cloud-run-v2-worker-pool/index.js';
import { Construct } from 'constructs';
import { assertProps } from '../../checks/assert-props.js';
import { isWholeNumber } from '../../checks/whole-number.js';
import { applyTransform, type Transform } from '../transform.js';
import type { PooledContainerProps } from './container-props.js';
import { containerTemplate, vpcAccess } from './container-template.js';
import { poolerProblems, poolerTemplate } from './pooler-container.js';
import { revisionProblem, serviceNameProblem } from './service-name.js';

/** Props of {@link CloudRunWorker}. */
export interface CloudRunWorkerProps extends PooledContainerProps {
  /** 1 to 49 lower-case letters, digits and hyphens. */
  readonly workerName: string;
  /** A worker pool does not scale by itself. @default 1 */
  readonly instances?: number;
  /** What the revision is called behind the name of the worker. @default Cloud Run makes one up */
  readonly revisionSuffix?: string;
  /** @default none */
  readonly transform?: Transform;
}

/** Containers that take their work from a queue: a worker pool of Cloud Run, which asks for no port. */
export class CloudRunWorker extends Construct {
  readonly workerPool: CloudRunV2WorkerPool;
  readonly workerName: string;

  constructor(scope: Construct, id: string, props: CloudRunWorkerProps) {
    super(scope, id);
    const { instances = 1, pooler } = props;
    assertProps(this, [
      serviceNameProblem(props.workerName, 'workerName'),
      revisionProblem(props.workerName, props.revisionSuffix),
      !isWholeNumber(instances, 0, 1000) && `instances is ${instances}, not a whole number from 0 to 1000`,
      ...poolerProblems(pooler),
    ]);
    this.workerName = props.workerName;
    const container = containerTemplate(this, props);
    if (pooler !== undefined) props.identity.grantSecret(pooler.password.secret);
    this.workerPool = new CloudRunV2WorkerPool(this, 'WorkerPool', {
      name: props.workerName,
      location: props.region,
      launchStage: 'BETA',
      // Of a preview resource: it may have to be made anew.
      deletionProtection: false,
      scaling: { scalingMode: 'MANUAL', manualInstanceCount: instances },
      template: {
        serviceAccount: props.identity.email,
        vpcAccess: vpcAccess(props),
        ...(props.labels === undefined ? {} : { labels: { ...props.labels } }),
        ...(props.revisionSuffix === undefined ? {} : { revision: `${props.workerName}-${props.revisionSuffix}` }),
        // Provider 6.50 has no probes here: the application has to wait for the pooler itself.
        containers: [container, ...(pooler === undefined ? [] : [poolerTemplate(pooler)])],
      },
      instanceSplits: [{ type: 'INSTANCE_SPLIT_ALLOCATION_TYPE_LATEST', percent: 100 }],
      lifecycle: { ignoreChanges: ['instance_splits', 'client', 'client_version'] },
      dependsOn: [...props.identity.grants],
    });
    applyTransform(this, props.transform);
  }
}
