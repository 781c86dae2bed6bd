import { resourcesOf } from '../template.js';
import type { TemplateRule } from '../template-rule.js';

/** AwsSolutions-L1, IAM4 and IAM5 on helper functions. */
export const noLambda: TemplateRule = {
  id: 'no-lambda',
  reason: 'a helper function has a runtime to keep up to date and permissions of its own',
  check: (template) =>
    resourcesOf(template)
      .filter(
        ([, { Type }]) =>
          Type.startsWith('AWS::Lambda::') ||
          Type.startsWith('Custom::') ||
          Type === 'AWS::CloudFormation::CustomResource',
      )
      .map(([logicalId, { Type }]) => ({ logicalId, message: `${Type} runs a function` })),
};
