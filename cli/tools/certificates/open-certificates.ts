import { createPrivateKey, KeyObject, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import type { Certificates, CertificateTools, MakeCertificatesOptions } from './certificate-tools.js';
import { certificateProblem, endsWithin, renewalDays } from './certificate-problem.js';

const day = 86_400_000;
/** The CA lasts long, as clients have it; a node half as long as what is usual for a server of one's own. */
const validDays = { ca: 3650, node: 730 } as const;
/** Clocks differ. */
const skewMilliseconds = 3_600_000;
/** 128 bits of strength (NIST SP 800-57, table 2), which OpenSearch reads as it reads RSA: as PKCS#8. */
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

type Keys = webcrypto.CryptoKeyPair;

/** Opens {@link CertificateTools}. The library that writes certificates is loaded by the first call. */
export function openCertificates(): CertificateTools {
  return {
    problem: (found, names, now = new Date()) => certificateProblem(found, names, now),
    async make(options) {
      const { now = new Date(), names } = options;
      const { ca, caKeys } = await authority(options, now);
      const x509 = await library();
      const nodeKeys = await newKeys();
      const issuer = new x509.X509Certificate(ca);
      const { KeyUsageFlags } = x509;
      const node = await x509.X509CertificateGenerator.create({
        ...about(now, validDays.node),
        subject: `CN=${names.commonName}`,
        issuer: issuer.subject,
        publicKey: nodeKeys.publicKey,
        signingKey: caKeys.privateKey,
        signingAlgorithm: algorithm,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
          // A node is a server to clients, and both to other nodes.
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
          new x509.SubjectAlternativeNameExtension(names.hosts.map((value) => ({ type: 'dns', value }) as const)),
          await x509.SubjectKeyIdentifierExtension.create(nodeKeys.publicKey),
          await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
        ],
      });
      return { ca, caKey: pemOf(caKeys), node: `${node.toString('pem')}\n`, nodeKey: pemOf(nodeKeys) };
    },
  };
}

/** The CA that is there, anew under its own key when it comes to its end, so that what it has signed still holds; or a new one. */
async function authority(
  { before = {}, caName }: MakeCertificatesOptions,
  now: Date,
): Promise<{ readonly ca: string; readonly caKeys: Keys }> {
  const known = await knownKeys(before);
  if (
    known !== undefined &&
    before.ca !== undefined &&
    !endsWithin(new X509Certificate(before.ca), renewalDays.ca, now)
  )
    return { ca: before.ca, caKeys: known };
  const x509 = await library();
  const keys = known ?? (await newKeys());
  const { KeyUsageFlags } = x509;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...about(now, validDays.ca),
    name: `CN=${caName}`,
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { ca: `${certificate.toString('pem')}\n`, caKeys: keys };
}

/** Undefined: there is no CA, or its key is that of another. */
async function knownKeys({ ca, caKey }: Partial<Certificates>): Promise<Keys | undefined> {
  if (ca === undefined || caKey === undefined) return undefined;
  try {
    const certificate = new X509Certificate(ca);
    const key = createPrivateKey(caKey);
    if (!certificate.checkPrivateKey(key)) return undefined;
    const { subtle } = webcrypto;
    const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
    const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
    return {
      publicKey: await subtle.importKey('spki', spki, algorithm, true, ['verify']),
      privateKey: await subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']),
    };
  } catch {
    return undefined;
  }
}

async function newKeys(): Promise<Keys> {
  return await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

function about(now: Date, days: number) {
  const serial = randomBytes(16);
  // Positive, and never with a leading zero.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return {
    serialNumber: serial.toString('hex'),
    notBefore: new Date(now.getTime() - skewMilliseconds),
    notAfter: new Date(now.getTime() + days * day),
  };
}

function pemOf({ privateKey }: Keys): string {
  return String(KeyObject.from(privateKey).export({ type: 'pkcs8', format: 'pem' }));
}

async function library() {
  // It asks for this polyfill before it is loaded.
  await import('reflect-metadata');
  return await import('@peculiar/x509');
}
