import type { SpecProblem } from '../problem.js';
import type { Rule } from './rule.js';

const path = (...rest: readonly string[]): SpecProblem['path'] => ['clouds', 'aws', ...rest];

/** An existing VPC comes with its subnets, tasks reach AWS, and a public name has a certificate. */
export const awsNetwork: Rule = (spec, context) => {
  const { aws } = spec.clouds;
  if (aws === undefined || !context.targets.includes('aws') || context.isUnsure('clouds')) return [];
  const problems: SpecProblem[] = [];
  if (aws.vpcId !== undefined && aws.subnets === undefined) {
    const message = 'clouds.aws has a vpcId but no subnets, and nothing is looked up';
    const fix = 'add "subnets: { public: […], app: […], data: […] }" with two subnet ids or more each';
    problems.push({ code: 'missing-key', path: path('vpcId'), at: 'key', message, fix });
  }
  if (aws.vpcId === undefined && aws.subnets !== undefined) {
    const message = 'clouds.aws has subnets but no vpcId';
    problems.push({ code: 'missing-key', path: path('subnets'), at: 'key', message, fix: 'add the vpcId they are in' });
  }
  if (aws.network.nat === 'none' && aws.network.endpoints === 'gateway') {
    const message = 'without NAT, tasks reach neither the registry nor their secrets';
    const fix = 'remove endpoints, or write "endpoints: full"';
    problems.push({ code: 'bad-value', path: path('network', 'endpoints'), at: 'value', message, fix });
  }
  const { domain } = spec;
  if (domain === undefined && aws.plainHttp === false && !context.isUnsure('domain')) {
    const message = 'HTTPS needs a name to certify, and there is no domain';
    const fix = 'add "domain: { name: agent.example.com }", or remove plainHttp';
    problems.push({ code: 'missing-section', path: path('plainHttp'), at: 'value', message, fix });
  }
  if (
    domain !== undefined &&
    aws.plainHttp !== true &&
    aws.hostedZoneId === undefined &&
    aws.certificateArn === undefined
  ) {
    const message = `nothing says where a certificate for ${domain.name} comes from`;
    const fix = 'add clouds.aws.hostedZoneId, or clouds.aws.certificateArn (or, to go without TLS, plainHttp: true)';
    problems.push({ code: 'missing-key', path: ['domain', 'name'], at: 'value', message, fix });
  }
  return problems;
};
