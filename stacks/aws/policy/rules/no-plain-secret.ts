import { containsToken, containsUrlPassword } from '../../../spec/secret-shapes.js';
import { resourcesOf, textsIn } from '../template.js';
import type { RuleFinding, TemplateRule } from '../template-rule.js';

/** Properties that CloudFormation takes a password or token in. */
const secretProperty = /^(?:(?:Master(?:User)?)?Password|AuthToken|Passwords|SecretString|ClientSecret)$/;

/** The texts behind these are generated or looked up by AWS, never written down. */
const isReference = (text: string): boolean => /^\{\{resolve:(?:secretsmanager|ssm-secure):.+\}\}$/.test(text);

/** CKV_AWS_41, CKV_AWS_45 and CKV_AWS_46, CT.RDS.PR.24: for every text of a template. */
export const noPlainSecret: TemplateRule = {
  id: 'no-plain-secret',
  reason: 'templates are stored, shown and compared in many places',
  check: (template) =>
    resourcesOf(template).flatMap(([logicalId, { Properties }]) =>
      [...textsIn(Properties)].flatMap(([path, text]) => findingIn(logicalId, path, text)),
    ),
};

function findingIn(logicalId: string, path: readonly string[], text: string): readonly RuleFinding[] {
  const isInSecretProperty = path.some((name) => secretProperty.test(name));
  const isIntrinsic = path.some((name) => name === 'Ref' || name.startsWith('Fn::'));
  const isPlain = isInSecretProperty && !isIntrinsic && !isReference(text);
  // The text itself is not repeated.
  if (isPlain) return [{ logicalId, message: `${path.join('.')} holds a literal` }];
  if (containsToken(text) || containsUrlPassword(text.replaceAll(/\{\{resolve:[^}]+\}\}/g, '${x}')))
    return [{ logicalId, message: `${path.join('.')} looks like a secret` }];
  return [];
}
