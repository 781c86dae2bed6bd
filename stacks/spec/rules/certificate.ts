import type { Rule } from './rule.js';

/** The certificate is an ACM certificate in the region of the load balancer. */
export const certificate: Rule = (spec) => {
  const { aws } = spec.clouds;
  const arn = aws?.certificateArn;
  if (aws === undefined || arn === undefined) return [];
  const place = { path: ['clouds', 'aws', 'certificateArn'], at: 'value' as const };
  const match = /^arn:aws[a-z-]*:acm:([a-z0-9-]+):(\d{12}):certificate\/[0-9a-f-]+$/.exec(arn);
  if (match === null) {
    const fix = `write the ARN as ACM shows it: arn:aws:acm:${aws.region}:<account>:certificate/<id>`;
    return [
      { ...place, code: 'bad-value', message: 'clouds.aws.certificateArn is not the ARN of an ACM certificate', fix },
    ];
  }
  const [, region, account] = match;
  if (region !== aws.region) {
    const message = `the certificate lies in ${region}, the deploy in ${aws.region}`;
    return [{ ...place, code: 'wrong-region', message, fix: `request or import the certificate in ${aws.region}` }];
  }
  if (aws.account !== undefined && account !== aws.account) {
    const message = `the certificate belongs to account ${account}, the deploy to ${aws.account}`;
    return [{ ...place, code: 'wrong-region', message, fix: `use a certificate of account ${aws.account}` }];
  }
  return [];
};
