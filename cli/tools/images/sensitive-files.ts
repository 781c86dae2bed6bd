import { open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { SentFile } from './sent-files.js';

/** Something in a build context that belongs in no image. */
export interface SensitiveFile {
  /** Relative to the context; a directory stands for all that is in it. */
  readonly path: string;
  readonly what: string;
}

/** Directories that hold nothing an image may have. */
const sensitiveDirectories: ReadonlyMap<string, string> = new Map([
  ['.git', 'the history of the source'],
  ['.agentctl', 'state and secrets of agentctl'],
  ['.aws', 'AWS credentials'],
  ['.azure', 'Azure credentials'],
  ['gcloud', 'Google Cloud credentials'],
  ['.kube', 'Kubernetes credentials'],
  ['.ssh', 'SSH keys'],
  ['.gnupg', 'GnuPG keys'],
]);

const environmentTemplate = /^\.env\.(?:.+\.)?(?:example|sample|template)$/;

const sensitiveNames: ReadonlyMap<string, string> = new Map([
  ['id_rsa', 'a private key'],
  ['id_dsa', 'a private key'],
  ['id_ecdsa', 'a private key'],
  ['id_ecdsa_sk', 'a private key'],
  ['id_ed25519', 'a private key'],
  ['id_ed25519_sk', 'a private key'],
  ['application_default_credentials.json', 'Google Cloud credentials'],
  ['kubeconfig', 'Kubernetes credentials'],
  ['.netrc', 'passwords'],
  ['_netrc', 'passwords'],
  ['.git-credentials', 'passwords'],
  ['.pypirc', 'passwords'],
  ['.pgpass', 'passwords'],
  ['terraform.tfstate', 'a Terraform state, which holds secrets'],
  ['terraform.tfstate.backup', 'a Terraform state, which holds secrets'],
]);

/** Names whose content decides: many such files are certificates, presentations or settings. */
const byContent: readonly { readonly name: RegExp; readonly content: RegExp; readonly what: string }[] = [
  { name: /\.(?:pem|key|p8|pk8|crt|cer)$/i, content: /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/, what: 'a private key' },
  { name: /\.ppk$/i, content: /^PuTTY-User-Key-File/, what: 'a private key' },
  // DER begins with a SEQUENCE of a long length; a presentation (.key) is a ZIP file
  { name: /\.(?:key|p8|pk8|p12|pfx)$/i, content: /^0\u0082/, what: 'a private key' },
  { name: /\.json$/i, content: /"type"\s*:\s*"service_account"/, what: 'a Google Cloud service account key' },
  { name: /^\.npmrc$/, content: /:_(?:authToken|auth|password)\s*=\s*(?!\$\{)\S/, what: 'a registry token' },
  { name: /^config\.json$/, content: /"auths"\s*:\s*\{[^]*"auth"\s*:/, what: 'registry passwords' },
];

/** As much of a file as is looked at: keys and settings are small, and the telling words stand at their beginning. */
const lookedAtBytes = 16 * 1024;
/** A larger JSON file is data. */
const largestJsonBytes = 64 * 1024;

/** What an image may not hold, of the files that would really be sent; a whole directory is named once. */
export async function sensitiveFiles(context: string, files: readonly SentFile[]): Promise<readonly SensitiveFile[]> {
  const found = new Map<string, SensitiveFile>();
  for (const file of files.filter(({ kind }) => kind !== 'directory')) {
    const within = sensitiveDirectory(file.path);
    const what = within?.what ?? sensitiveName(file.path) ?? (await sensitiveContent(context, file));
    if (what === undefined) continue;
    const path = within?.path ?? file.path;
    found.set(path, { path, what });
  }
  return [...found.values()];
}

/** Pure: the outermost directory of a path that belongs in no image (`.git` may also be a file: that of a worktree). */
function sensitiveDirectory(path: string): SensitiveFile | undefined {
  const parts = path.split('/');
  const at = parts.findIndex((part, index) => {
    if (!sensitiveDirectories.has(part)) return false;
    const isLast = index === parts.length - 1;
    if (part === 'gcloud') return parts[index - 1] === '.config' && !isLast;
    return !isLast || part === '.git';
  });
  const what = sensitiveDirectories.get(parts[at] ?? '');
  return what === undefined ? undefined : { path: parts.slice(0, at + 1).join('/'), what };
}

function sensitiveName(path: string): string | undefined {
  const name = basename(path);
  const isEnvironment = name === '.env' || (name.startsWith('.env.') && !environmentTemplate.test(name));
  return isEnvironment ? 'an environment file' : sensitiveNames.get(name);
}

async function sensitiveContent(context: string, { path, kind, size }: SentFile): Promise<string | undefined> {
  const name = basename(path);
  const rules = byContent.filter((rule) => rule.name.test(name));
  const isData = name.endsWith('.json') && size > largestJsonBytes;
  if (rules.length === 0 || kind !== 'file' || isData) return undefined;
  const beginning = await beginningOf(join(context, path));
  return rules.find(({ content }) => content.test(beginning))?.what;
}

async function beginningOf(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(lookedAtBytes), 0, lookedAtBytes, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
