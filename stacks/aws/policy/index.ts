import { imageByDigest } from './rules/image-by-digest.js';
import { noLambda } from './rules/no-lambda.js';
import { noLiteralEnvironment } from './rules/no-literal-environment.js';
import { noOpenIngress } from './rules/no-open-ingress.js';
import { noPlainSecret } from './rules/no-plain-secret.js';
import { statefulIsKept } from './rules/stateful-is-kept.js';
import type { Template } from './template.js';
import type { RuleFinding, TemplateRule } from './template-rule.js';

/** What every template of ours keeps to, in the order of reports. Pure and quick: run on every synthesis. */
export const templateRules: readonly TemplateRule[] = [
  noPlainSecret,
  noLiteralEnvironment,
  noLambda,
  imageByDigest,
  statefulIsKept,
  noOpenIngress,
];

/** What our own rules find in a template. */
export function policyFindings(template: Template): readonly (RuleFinding & { readonly rule: string })[] {
  return templateRules.flatMap(({ id, check }) => check(template).map((finding) => ({ rule: id, ...finding })));
}

export { statefulTypes } from './stateful-types.js';
export type { Template, TemplateResource } from './template.js';
export type { RuleFinding, TemplateRule } from './template-rule.js';
