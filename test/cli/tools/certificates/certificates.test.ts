import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { type Certificates, openCertificates } from '../../../../cli/tools/certificates/index.js';
import { searchHost, searchNodeName } from '../../../../stacks/gcp/naming.js';

const host = searchHost({ name: 'agent', stage: 'production' });
const names = { commonName: searchNodeName, hosts: [host, searchNodeName] };
const caName = 'agentctl search CA of agent production';
const tools = openCertificates();
const make: typeof tools.make = async (options) => await tools.make(options);
const problem: typeof tools.problem = (...asked) => tools.problem(...asked);
const day = 86_400_000;
const inDays = (days: number): Date => new Date(Date.now() + days * day);

const made = await make({ caName, names });

/** What a client that trusts this CA says of the nodes, asked by a name; undefined: it is content. */
async function asked(servername: string, ca: string, { node, nodeKey }: Certificates): Promise<string | undefined> {
  const server = createServer({ cert: node, key: nodeKey, ca, requestCert: true, rejectUnauthorized: true }, (socket) =>
    socket.end('ok'),
  );
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client: TLSSocket = connect({ port, host: '127.0.0.1', servername, ca, cert: node, key: nodeKey });
  try {
    return await new Promise((resolve) => {
      client.on('error', (error) => resolve(error.message));
      client.on('data', () => resolve(undefined));
    });
  } finally {
    client.destroy();
    server.close();
  }
}

test('nodes are servers to clients and to each other, by their name and by no other', async () => {
  expect(await asked(host, made.ca, made)).toBeUndefined();
  expect(await asked(searchNodeName, made.ca, made)).toBeUndefined();
  expect(await asked('elsewhere.example.com', made.ca, made)).toMatch(/altnames/);
  const other = await make({ caName, names });
  expect(await asked(host, other.ca, made)).toMatch(/signature|self-signed|unable to/i);
});

test('the subject is the one that the nodes let in, the key is PKCS#8', () => {
  const node = new X509Certificate(made.node);
  expect(node.subject).toBe('CN=agentctl-search-node');
  expect(node.subjectAltName).toBe(`DNS:${host}, DNS:agentctl-search-node`);
  expect(node.ca).toBe(false);
  expect(new X509Certificate(made.ca).ca).toBe(true);
  expect(made.nodeKey).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  expect(problem(made, names)).toBeUndefined();
});

test('what ends soon is made anew by the same CA, so that old and new nodes trust each other', async () => {
  expect(problem(made, names, inDays(500))).toBeUndefined();
  expect(problem(made, names, inDays(600))).toMatch(/^it ends on /);
  const later = await make({ caName, names, before: made, now: inDays(600) });
  expect(later.ca).toBe(made.ca);
  expect(later.node).not.toBe(made.node);
  expect(problem(later, names, inDays(600))).toBeUndefined();
});

test('a CA that ends is made anew under its own key: what it has signed still holds', async () => {
  const before = { ...made, ...(await make({ caName, names, before: made, now: inDays(2800) })) };
  expect(problem(before, names, inDays(3000))).toMatch(/the CA ends on|it ends on/);
  const later = await make({ caName, names, before: made, now: inDays(3000) });
  expect(later.ca).not.toBe(made.ca);
  expect(new X509Certificate(made.node).verify(new X509Certificate(later.ca).publicKey)).toBe(true);
});

test('what does not fit together, or is of another name, is made anew', async () => {
  const other = await make({ caName, names });
  const { caKey: _key, ...withoutKey } = made;
  expect(problem({}, names)).toBe('one is missing');
  expect(problem(withoutKey, names)).toBe('one is missing');
  expect(problem({ ...made, nodeKey: other.nodeKey }, names)).toBe('the key is not that of the certificate');
  expect(problem({ ...made, ca: other.ca, caKey: other.caKey }, names)).toBe('the certificate is not of the CA');
  expect(problem({ ...made, node: 'damaged' }, names)).toBe('one cannot be read');
  expect(problem(made, { ...names, hosts: ['search.agent-staging.internal'] })).toMatch(/does not hold for/);
  // A CA without its key is another CA.
  expect((await make({ caName, names, before: withoutKey })).ca).not.toBe(made.ca);
});

const hasOpenssl = (process.env['PATH'] ?? '').split(delimiter).some((place) => existsSync(join(place, 'openssl')));

test.skipIf(!hasOpenssl)(
  `OpenSSL accepts the chain for both uses${hasOpenssl ? '' : ' (skipped: openssl is not on the PATH)'}`,
  () => {
    const directory = mkdtempSync(join(tmpdir(), 'agentctl-certificates-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const [ca, node] = [join(directory, 'ca.pem'), join(directory, 'node.pem')];
    writeFileSync(ca, made.ca);
    writeFileSync(node, made.node);
    const verify = (...words: string[]): string =>
      execFileSync('openssl', ['verify', '-x509_strict', '-CAfile', ca, ...words, node], { encoding: 'utf8' });
    expect(verify('-purpose', 'sslserver', '-verify_hostname', host)).toContain('OK');
    expect(verify('-purpose', 'sslclient')).toContain('OK');
    const text = execFileSync('openssl', ['x509', '-noout', '-text', '-in', node], { encoding: 'utf8' });
    expect(text).toContain('TLS Web Server Authentication, TLS Web Client Authentication');
    expect(text).toMatch(/X509v3 Key Usage: critical\s+Digital Signature\n/);
  },
);
