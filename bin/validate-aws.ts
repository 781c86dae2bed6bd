import { readFileSync } from 'node:fs';
// It comes with aws-cdk-lib and lies within it: no name leads there.
import {
  CompositeEngine,
  TemplateContent,
  type ValidateConfig,
  version,
} from '../node_modules/aws-cdk-lib/node_modules/@aws/cloudformation-validate/index.js';

const config: ValidateConfig = {
  detailLevel: 'STANDARD',
  severityLevel: 'WARN',
  // What CDK writes into every template (dependencies, Fn::Sub, Fn::Join …) and leaves out of its own reports as well.
  exclude: { ids: ['W3005', 'W1020', 'W4011', 'W4012', 'W9002', 'W9013', 'W1103'] },
};

/**
 * Checks CloudFormation templates with CloudFormation Validate: their paths come in on standard input, one a line, and the
 * findings by path go out. A process of its own, because the engine takes seconds to come up: it does so while another
 * process synthesizes, and stands ready when the input is closed.
 */
const engine = new CompositeEngine();
const paths = readFileSync(0, 'utf8').split('\n').filter(Boolean);
const findings = paths.map((path) => {
  const template = new TemplateContent(readFileSync(path, 'utf8'), path);
  return [path, engine.validateTemplate(template, config).diagnostics];
});
process.stdout.write(JSON.stringify({ version: version(), findings: Object.fromEntries(findings) }));
