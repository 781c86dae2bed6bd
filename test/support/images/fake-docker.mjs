#!/usr/bin/env node
// A docker without a daemon: images are files below $HOME/images, pushes are HTTP. What it is asked is written to
// $HOME/asked.ndjson. A Dockerfile may say `# platform linux/arm64` (what the image is for), `# touch FILE` (what
// changes while it is built), `# fail TEXT`, and `# no scanner`. It has buildx when there is a file $HOME/buildx.
import { createHash, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const { HOME: home = '/', DOCKER_CONFIG: settings } = process.env;
const images = join(home, 'images');
mkdirSync(images, { recursive: true });
const [verb = '', ...args] = process.argv.slice(2);
const valuesOf = (option) => args.flatMap((arg, index) => (arg === option ? [args[index + 1]] : []));
const secrets = Object.entries(process.env).filter(([name]) => name.startsWith('AGENTCTL_BUILD_SECRET_'));
appendFileSync(
  join(home, 'asked.ndjson'),
  `${JSON.stringify({ argv: [verb, ...args], secrets: Object.fromEntries(secrets), settings })}\n`,
);

const sha = (text) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const stored = () => readdirSync(images).map((name) => JSON.parse(readFileSync(join(images, name), 'utf8')));
const fileOf = (id) => join(images, id.replace('sha256:', ''));
const find = (name) => stored().find(({ id, names }) => id === name || names.includes(name));
const fail = (text, code = 1) => {
  console.error(text);
  process.exitCode = code;
};

const commands = {
  build() {
    const dockerfile = readFileSync(valuesOf('--file')[0], 'utf8');
    const told = (what) => new RegExp(`^# ${what} (.+)$`, 'm').exec(dockerfile)?.[1];
    console.error('#1 building');
    if (told('fail') !== undefined) return fail(told('fail'));
    if (told('touch') !== undefined) writeFileSync(join(args.at(-1), told('touch')), 'touched');
    const labels = Object.fromEntries(
      valuesOf('--label').map((label) => [label.slice(0, label.indexOf('=')), label.slice(label.indexOf('=') + 1)]),
    );
    const id = sha(randomBytes(16));
    const image = { id, platform: told('platform') ?? valuesOf('--platform')[0], labels, names: valuesOf('--tag') };
    writeFileSync(fileOf(id), JSON.stringify(image));
    writeFileSync(valuesOf('--iidfile')[0], id);
  },
  async buildx() {
    if (!existsSync(join(home, 'buildx'))) return fail("docker: 'buildx' is not a docker command");
    if (args[0] === 'version') return console.log('github.com/docker/buildx v0.12.1 30feaa1');
    if (args[0] === 'inspect') return console.log('Name: default\nDriver: docker-container');
    const dockerfile = readFileSync(valuesOf('--file')[0], 'utf8');
    if (dockerfile.includes('# no scanner') && args.includes('--sbom=true')) {
      return fail('ERROR: failed to solve: docker/buildkit-syft-scanner:stable-1: failed to resolve source metadata');
    }
    const file = valuesOf('--metadata-file')[0];
    args.push('--iidfile', `${file}.id`, args.at(-1));
    commands.build();
    const digests = [];
    for (const tag of valuesOf('--tag')) digests.push(await pushTag(tag));
    writeFileSync(file, JSON.stringify({ 'containerimage.digest': digests.at(-1) }));
  },
  images() {
    const [label, value] = valuesOf('--filter')[0].replace('label=', '').split(/=(.*)/s);
    for (const { id, labels } of stored()) if (labels[label] === value) console.log(id);
  },
  image() {
    const found = find(args[1]);
    if (found === undefined) return fail('[]\nError: No such image');
    const [Os, Architecture] = found.platform.split('/');
    console.log(JSON.stringify([{ Id: found.id, Os, Architecture, Config: { Labels: found.labels } }]));
  },
  rmi: () => rmSync(fileOf(args.at(-1))),
  tag() {
    const image = find(args[0]);
    writeFileSync(fileOf(image.id), JSON.stringify({ ...image, names: [...image.names, args[1]] }));
  },
  push: async () => void (await pushTag(args.at(-1))),
  login() {
    const file = join(settings, 'config.json');
    const config = JSON.parse(readFileSync(file, 'utf8'));
    const password = readFileSync(0, 'utf8');
    if (password === 'wrong') return fail('Error: unauthorized: incorrect username or password');
    const auth = Buffer.from(`${valuesOf('--username')[0]}:${password}`).toString('base64');
    writeFileSync(file, JSON.stringify({ ...config, auths: { ...config.auths, [args.at(-1)]: { auth } } }));
    const modes = [settings, file].map((path) => (statSync(path).mode & 0o777).toString(8));
    writeFileSync(join(home, 'login.json'), JSON.stringify({ modes, config: JSON.parse(readFileSync(file, 'utf8')) }));
  },
};

async function pushTag(name) {
  const [, host, repository, tag] = /^([^/]+)\/(.+):([^:]+)$/.exec(name);
  const { platform, labels } = find(name);
  const [os, architecture] = platform.split('/');
  const config = JSON.stringify({ os, architecture, config: { Labels: labels } });
  const type = 'application/vnd.docker.distribution.manifest.v2+json';
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType: type, config: { digest: sha(config) }, layers: [] });
  for (const [path, body] of [
    [`blobs/${sha(config)}`, config],
    [`manifests/${tag}`, manifest],
  ]) {
    const answer = await fetch(`http://${host}/v2/${repository}/${path}`, {
      method: 'PUT',
      headers: { 'content-type': type, ...authorization(host) },
      body,
    });
    if (!answer.ok) return fail(`received unexpected HTTP status: ${answer.status} ${answer.statusText}`);
  }
  console.log(`${tag}: digest: ${sha(manifest)} size: ${manifest.length}`);
  return sha(manifest);
}

function authorization(host) {
  if (settings === undefined) return {};
  const { auths = {} } = JSON.parse(readFileSync(join(settings, 'config.json'), 'utf8'));
  return host in auths ? { authorization: `Basic ${auths[host].auth}` } : {};
}

if (verb in commands) await commands[verb]();
else fail(`docker: '${verb}' is not a docker command`);
