import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { CertificateNames, Certificates } from './certificate-tools.js';

const day = 86_400_000;
/** How long before its end a certificate is made anew: whoever deploys twice a year is in time. */
export const renewalDays = { node: 180, ca: 730 } as const;

/** Pure: why certificates have to be made anew; undefined: they do not. */
export function certificateProblem(
  { ca, caKey, node, nodeKey }: Partial<Certificates>,
  { commonName, hosts }: CertificateNames,
  now: Date,
): string | undefined {
  if (ca === undefined || caKey === undefined || node === undefined || nodeKey === undefined) return 'one is missing';
  try {
    const [authority, certificate] = [new X509Certificate(ca), new X509Certificate(node)];
    if (!authority.checkPrivateKey(createPrivateKey(caKey))) return 'the key is not that of the CA';
    // Two secrets, written one after the other.
    if (!certificate.checkPrivateKey(createPrivateKey(nodeKey))) return 'the key is not that of the certificate';
    if (!certificate.verify(authority.publicKey)) return 'the certificate is not of the CA';
    if (certificate.subject !== `CN=${commonName}`) return `it is of ${certificate.subject}`;
    const other = hosts.find((host) => certificate.checkHost(host) === undefined);
    if (other !== undefined) return `it does not hold for ${other}`;
    if (endsWithin(certificate, renewalDays.node, now)) return `it ends on ${certificate.validTo}`;
    return endsWithin(authority, renewalDays.ca, now) ? `the CA ends on ${authority.validTo}` : undefined;
  } catch {
    return 'one cannot be read';
  }
}

/** Pure: whether a certificate has ended, or will within so many days. */
export function endsWithin({ validTo }: X509Certificate, days: number, now: Date): boolean {
  return Date.parse(validTo) - now.getTime() < days * day;
}
