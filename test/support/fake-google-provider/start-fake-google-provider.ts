import { loadPackageDefinition, Server, ServerCredentials, type ServiceClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cloudClient } from './cloud-client.js';
import { providerCalls } from './provider-calls.js';

export interface FakeGoogleProviderOptions {
  /** Of the fake cloud; see README.md for what it has to answer. */
  readonly url: string;
  /** Paths of the cdk.tf.json in use, or of directories that have some. Asked with each command of Terraform. */
  readonly configurations: () => readonly string[];
}

/** A provider that runs in this process. */
export interface FakeGoogleProvider {
  /** What Terraform has to see to use it instead of hashicorp/google. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Addresses under which terraform and tofu look for it. */
const addresses = ['registry.terraform.io/hashicorp/google', 'registry.opentofu.org/hashicorp/google'];

/** Starts one on loopback. */
export async function startFakeGoogleProvider({
  url,
  configurations,
}: FakeGoogleProviderOptions): Promise<FakeGoogleProvider> {
  const definition = loadSync(join(import.meta.dirname, 'plugin-protocol.proto'), {
    keepCase: true,
    longs: Number,
    defaults: true,
  });
  const { tfplugin6 } = loadPackageDefinition(definition) as unknown as {
    tfplugin6: { Provider: ServiceClientConstructor };
  };
  const server = new Server();
  const texts = (): readonly string[] =>
    configurations()
      .flatMap(filesAt)
      .map((file) => readFileSync(file, 'utf8'));
  server.addService(tfplugin6.Provider.service, providerCalls(cloudClient(url), texts));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  // Test: Terraform does not end the process when it is done.
  const reattach = {
    Protocol: 'grpc',
    ProtocolVersion: 6,
    Pid: process.pid,
    Test: true,
    Addr: { Network: 'tcp', String: `127.0.0.1:${port}` },
  };
  return {
    environment: {
      TF_REATTACH_PROVIDERS: JSON.stringify(Object.fromEntries(addresses.map((address) => [address, reattach]))),
    },
    stop: async () => server.forceShutdown(),
  };
}

function filesAt(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  const found = readdirSync(path, { recursive: true, withFileTypes: true });
  return found.filter(({ name }) => name === 'cdk.tf.json').map(({ parentPath, name }) => join(parentPath, name));
}
