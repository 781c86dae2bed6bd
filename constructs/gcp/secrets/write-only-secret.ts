import { SecretManagerSecret } from '@cdktf/provider-google/lib/secret-manager-secret/index.js';
import { SecretManagerSecretVersion } from '@cdktf/provider-google/lib/secret-manager-secret-version/index.js';
import { Construct } from 'constructs';
import { assertProps } from '../../checks/assert-props.js';
import type { SecretReference } from '../service/container-props.js';
import { applyTransform, type Transform } from '../transform.js';
import { secretNameProblem } from './secret-name.js';
import type { WriteOnlyValue } from './write-only-value.js';

/** Props of {@link WriteOnlySecret}. */
export interface WriteOnlySecretProps {
  /** 1 to 255 letters, digits, hyphens and underscores. */
  readonly secretId: string;
  readonly value: WriteOnlyValue;
  /** Where it is kept. */
  readonly region: string;
  /** Days in which a destroyed version can be brought back. @default 7 */
  readonly keepDestroyedDays?: number;
  /** @default none */
  readonly transform?: Transform;
}

/** A secret of Secret Manager with one version, whose value is in no state. Another value is another version. */
export class WriteOnlySecret extends Construct {
  readonly secret: SecretManagerSecret;
  readonly version: SecretManagerSecretVersion;
  /** For the environment of a container: pinned, so that a new value rolls the service out. */
  readonly reference: SecretReference;

  constructor(scope: Construct, id: string, props: WriteOnlySecretProps) {
    super(scope, id);
    const { keepDestroyedDays = 7 } = props;
    assertProps(this, [
      secretNameProblem(props.secretId),
      (keepDestroyedDays < 1 || keepDestroyedDays > 1000) && `keepDestroyedDays ${keepDestroyedDays} is not 1 to 1000`,
    ]);
    this.secret = new SecretManagerSecret(this, 'Secret', {
      secretId: props.secretId,
      replication: { userManaged: { replicas: [{ location: props.region }] } },
      versionDestroyTtl: `${keepDestroyedDays * 86_400}s`,
    });
    this.version = new SecretManagerSecretVersion(this, 'Version', {
      secret: this.secret.id,
      secretDataWo: props.value.value,
      secretDataWoVersion: props.value.version,
      // Whoever runs with it still may read it.
      deletionPolicy: 'DISABLE',
    });
    this.reference = { secret: this.secret.secretId, version: this.version.version };
    applyTransform(this, props.transform);
  }
}
