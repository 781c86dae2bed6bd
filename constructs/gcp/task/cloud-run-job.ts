import { CloudRunV2Job } from '@cdktf/provider-google/lib/cloud-run-v2-job/index.js';
import { Construct } from 'constructs';
import { assertProps } from '../../checks/assert-props.js';
import { isWholeNumber } from '../../checks/whole-number.js';
import type { ContainerProps } from '../service/container-props.js';
import { containerTemplate, vpcAccess } from '../service/container-template.js';
import { serviceNameProblem } from '../service/service-name.js';
import { applyTransform, type Transform } from '../transform.js';

/** Props of {@link CloudRunJob}. */
export interface CloudRunJobProps extends ContainerProps {
  /** 1 to 49 lower-case letters, digits and hyphens. */
  readonly jobName: string;
  /** Time after which a run is stopped, up to a week. @default 600 */
  readonly timeoutSeconds?: number;
  /** Further attempts of a run that failed, 0 to 10. @default 0 */
  readonly retries?: number;
  /** @default none */
  readonly transform?: Transform;
}

/** A container that is run to its end by `gcloud run jobs execute`: a migration, or one command. Once, and not again. */
export class CloudRunJob extends Construct {
  readonly job: CloudRunV2Job;
  readonly jobName: string;

  constructor(scope: Construct, id: string, props: CloudRunJobProps) {
    super(scope, id);
    const { timeoutSeconds = 600, retries = 0 } = props;
    assertProps(this, [
      serviceNameProblem(props.jobName, 'jobName'),
      !isWholeNumber(timeoutSeconds, 1, 604_800) && `timeoutSeconds is ${timeoutSeconds}, not 1 to 604800`,
      !isWholeNumber(retries, 0, 10) && `retries is ${retries}, not a whole number from 0 to 10`,
    ]);
    this.jobName = props.jobName;
    const container = containerTemplate(this, props);
    this.job = new CloudRunV2Job(this, 'Job', {
      name: props.jobName,
      location: props.region,
      // Nothing is lost with it.
      deletionProtection: false,
      template: {
        taskCount: 1,
        parallelism: 1,
        ...(props.labels === undefined ? {} : { labels: { ...props.labels } }),
        template: {
          serviceAccount: props.identity.email,
          timeout: `${timeoutSeconds}s`,
          maxRetries: retries,
          executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN2',
          vpcAccess: vpcAccess(props),
          containers: [container],
        },
      },
      lifecycle: { ignoreChanges: ['client', 'client_version'] },
      dependsOn: [...props.identity.grants],
    });
    applyTransform(this, props.transform);
  }
}
