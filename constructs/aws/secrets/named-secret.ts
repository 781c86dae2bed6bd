import { ArnFormat, SecretValue, Stack } from 'aws-cdk-lib/core';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { constructError } from '../construct-error.js';

/** Secrets Manager user guide, "CreateSecret", Name. */
const secretName = /^[A-Za-z0-9/_+=.@-]{1,512}$/;

/** What {@link namedSecret} has to know. */
export interface NamedSecretOptions {
  /** Such as `agentctl/support/production/secrets/OPENAI_API_KEY`. */
  readonly name: string;
  /**
   * What it is encrypted with, so that whoever may read the secret may decrypt it too.
   *
   * @default the key that AWS keeps for secrets
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * A secret that is there before the stack: by its name, so that a value made later has the same reference. Who may read it
 * may decrypt it too; CDK asks the policy of the key for that, which it cannot change for a key of another stack.
 */
export function namedSecret(scope: Construct, id: string, options: NamedSecretOptions): secretsmanager.ISecret {
  const { name, encryptionKey } = options;
  checkSecretName(scope, name);
  const secret = secretsmanager.Secret.fromSecretAttributes(scope, id, {
    secretPartialArn: Stack.of(scope).formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: name,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  });
  if (encryptionKey === undefined) return secret;
  const grantRead = secret.grantRead.bind(secret);
  secret.grantRead = (grantee, versionStages) => {
    encryptionKey.grant(grantee, 'kms:Decrypt');
    return grantRead(grantee, versionStages);
  };
  return secret;
}

/**
 * A value that CloudFormation reads from a secret when it makes a resource, so that it is in no template:
 * `{{resolve:secretsmanager:…:SecretString:password::}}`.
 */
export function secretField(scope: Construct, name: string, field: string): SecretValue {
  checkSecretName(scope, name);
  return SecretValue.secretsManager(name, { jsonField: field });
}

function checkSecretName(scope: Construct, name: string): void {
  if (!secretName.test(name))
    throw constructError(scope, `"${name}" is not the name of a secret: 1 to 512 letters, digits and /_+=.@-`);
}
