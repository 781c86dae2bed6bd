/** The certificates of servers that nobody else certifies, as PEM; keys are PKCS#8. */
export interface Certificates {
  /** Of the CA. */
  readonly ca: string;
  readonly caKey: string;
  /** Of every node, for its server and for it as a client of the others. */
  readonly node: string;
  readonly nodeKey: string;
}

/** What the certificate of the nodes says. */
export interface CertificateNames {
  /** `agentctl-search-node`. */
  readonly commonName: string;
  /** DNS names that clients come with. */
  readonly hosts: readonly string[];
}

export interface MakeCertificatesOptions {
  /** Of the CA. */
  readonly caName: string;
  readonly names: CertificateNames;
  /** What is there; a CA whose key is there stays the same one. @default - nothing */
  readonly before?: Partial<Certificates>;
  /** @default - now */
  readonly now?: Date;
}

/** Makes certificates. */
export interface CertificateTools {
  /** Why certificates have to be made anew; undefined: they do not, for half a year at least. @param now default: now */
  problem(found: Partial<Certificates>, names: CertificateNames, now?: Date): string | undefined;
  /** Certificates for now and the next two years. */
  make(options: MakeCertificatesOptions): Promise<Certificates>;
}
