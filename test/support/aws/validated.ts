// It comes with aws-cdk-lib and lies within it: no name leads there.
import {
  CompositeEngine,
  type Diagnostic,
  TemplateContent,
} from '../../../node_modules/aws-cdk-lib/node_modules/@aws/cloudformation-validate/index.js';

let engine: InstanceType<typeof CompositeEngine> | undefined;

/** Everything CloudFormation Validate says about a template, its notes included. */
export function validated(stack: string, text: string): readonly Diagnostic[] {
  engine ??= new CompositeEngine();
  const template = new TemplateContent(text, `${stack}.template.json`);
  return engine.validateTemplate(template, { detailLevel: 'STANDARD', severityLevel: 'INFO' }).diagnostics;
}
