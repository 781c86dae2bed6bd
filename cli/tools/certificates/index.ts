export type { CertificateNames, Certificates, CertificateTools } from './certificate-tools.js';
export { openCertificates } from './open-certificates.js';
