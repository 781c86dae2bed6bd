import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { secretStore } from '../fake-gcp/services/secretmanager/secret-store.js';
import { storageState } from '../fake-gcp/services/storage/storage-state.js';
import type { GcpProject } from './gcp-project.js';

/** What carries secrets by its nature. */
const carriers: ReadonlySet<string> = new Set([
  'projects.secrets.addVersion',
  'projects.secrets.versions.access',
  'projects.locations.instances.getAuthString',
  // Cloud SQL takes a password in clear.
  'users.update',
  // Write-only arguments: the password of the database.
  'resources.create',
  'resources.update',
]);

/** Something that was written, sent or said, where no secret may be. */
export interface SeenText {
  /** `object acme/production/terraform/foundation/default.tfstate`, `call`, `said`, `file …`, `argv` */
  readonly place: string;
  readonly text: string;
}

/** Everything that a project has to show: objects in every version, calls, files, command lines, what commands have said. */
export async function seenTexts({ fake, directory, programs, said }: GcpProject): Promise<readonly SeenText[]> {
  const objects = [...fake.world.state(storageState).buckets.values()].flatMap(({ live, noncurrent }) =>
    [...live.values(), ...noncurrent].map(({ name, data }) => ({
      place: `object ${name}`,
      text: data.toString('utf8'),
    })),
  );
  const calls = fake.calls.filter(({ operation }) => !carriers.has(operation));
  const attributes = fake.calls
    .filter(({ operation }) => operation === 'resources.create' || operation === 'resources.update')
    .map(({ input }) => ({ ...input, body: { ...(input['body'] as object), writeOnly: {} } }));
  return [
    ...objects,
    ...(await filesIn(join(directory, '.agentctl'))),
    ...[...calls, ...attributes].map((call) => ({ place: 'call', text: JSON.stringify(call) })),
    ...said.map(({ stdout, stderr }) => ({ place: 'said', text: stdout + stderr })),
    ...programs.written().map((text) => ({ place: 'program', text })),
  ];
}

/** Every secret that was made up: passwords, and of each private key a line from its middle; certificates are public. */
export function generatedValues({ fake }: GcpProject): readonly string[] {
  const values = [...fake.world.state(secretStore).secrets.values()].flatMap(({ name, versions }) =>
    name.includes('-generated-') ? versions.flatMap(({ data }) => data?.toString('utf8') ?? []) : [],
  );
  return values.flatMap((value) => {
    if (value.includes('BEGIN CERTIFICATE')) return [];
    return value.includes('PRIVATE KEY') ? (value.split('\n')[2] ?? value) : value;
  });
}

/** Pure: where one of them is, with what comes before it; the secret itself is not repeated. */
export function leaksOf(secrets: readonly string[], seen: readonly SeenText[]): readonly string[] {
  return secrets.flatMap((secret) =>
    seen
      .filter(({ text }) => text.includes(secret))
      .map(
        ({ place, text }) => `${place}: ${text.slice(Math.max(0, text.indexOf(secret) - 200), text.indexOf(secret))}`,
      ),
  );
}

async function filesIn(directory: string): Promise<readonly SeenText[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return await Promise.all(files.map(async (file) => ({ place: `file ${file}`, text: await readFile(file, 'utf8') })));
}
