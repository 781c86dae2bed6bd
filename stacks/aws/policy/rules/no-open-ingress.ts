import { at, listOf, resourcesOf, type TemplateResource } from '../template.js';
import type { TemplateRule } from '../template-rule.js';

/** What a load balancer answers to anybody: HTTPS, and HTTP for the redirect. */
const publicPorts: readonly unknown[] = [80, 443];

/** AwsSolutions-EC23, CKV_AWS_24, CKV_AWS_25, CT.EC2.PR.3: anybody may reach a load balancer, and that on two ports. */
export const noOpenIngress: TemplateRule = {
  id: 'no-open-ingress',
  reason: 'only the load balancer is there for everybody',
  check: (template) =>
    resourcesOf(template, 'AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupIngress').flatMap(
      ([logicalId, resource]) =>
        ingressOf(resource)
          .filter((rule) => at(rule, 'CidrIp') === '0.0.0.0/0' || at(rule, 'CidrIpv6') === '::/0')
          .filter((rule) => !publicPorts.includes(at(rule, 'FromPort')) || at(rule, 'FromPort') !== at(rule, 'ToPort'))
          .map((rule) => ({ logicalId, message: `port ${String(at(rule, 'FromPort'))} is open to everybody` })),
    ),
};

function ingressOf({ Type, Properties }: TemplateResource): readonly unknown[] {
  return Type === 'AWS::EC2::SecurityGroup' ? listOf(at(Properties, 'SecurityGroupIngress')) : [Properties];
}
