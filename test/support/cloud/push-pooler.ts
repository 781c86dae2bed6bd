import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pgModule } from '../local-apps.js';
import { pushDirectoryAsImage } from './registry/push-directory.js';
import type { ImageRegistry } from './registry/start-image-registry.js';

/**
 * PgBouncer as far as passwords go: a client has to have that of its name in `auth_file`; whoever it is, it is served over a
 * connection of the user that the configuration names, with that user's password in the same file. Connections to the
 * server are kept and used again, so that they outlive a change of the password; both files are read once. A client keeps
 * its server connection until it leaves, and its password crosses in clear, unlike PgBouncer's.
 */
const pgbouncer = `#!/usr/bin/env node
const { readFileSync } = require('node:fs');
const net = require('node:net');
const { Client } = require(${JSON.stringify(pgModule)});
const ini = readFileSync(process.argv[2], 'utf8');
const [, database, host, port, user] = /^(\\S+) = host=(\\S+) port=(\\d+) user=(\\S+)$/m.exec(ini);
const listed = readFileSync(/^auth_file = (\\S+)$/m.exec(ini)[1], 'utf8').matchAll(/^"([^"]*)" "([^"]*)"$/gm);
const users = new Map([...listed].map(([, name, password]) => [name, password]));
const idle = [];
const message = (type, body) => {
  const head = Buffer.from(type + '....');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const fatal = (code, text) =>
  message('E', Buffer.from('SFATAL\\0VFATAL\\0C' + code + '\\0M' + text + '\\0\\0'));
const serverSocket = async () => {
  for (let socket = idle.pop(); socket !== undefined; socket = idle.pop()) if (!socket.destroyed) return socket;
  const client = new Client({ host, port: Number(port), user, database, password: users.get(user), ssl: { rejectUnauthorized: false } });
  client.on('error', () => undefined);
  await client.connect();
  const socket = client.connection.stream;
  socket.removeAllListeners('data');
  return socket;
};
const clients = new Set();
const serve = async (socket, login) => {
  const fields = login.subarray(8).toString('utf8').split('\\0');
  const name = fields[fields.indexOf('user') + 1];
  socket.write(message('R', Buffer.from([0, 0, 0, 3])));
  socket.once('data', async (chunk) => {
    const password = chunk.subarray(5, -1).toString('utf8');
    if (users.get(name) !== password) return socket.end(fatal('28P01', 'SASL authentication failed'));
    socket.pause();
    let server;
    try { server = await serverSocket(); } catch (error) { return socket.end(fatal('08P01', 'server login failed: ' + error.message)); }
    const back = (data) => socket.write(data);
    const release = () => { server.off('data', back); if (!server.destroyed) idle.push(server); };
    server.on('data', back);
    server.once('close', () => socket.destroy());
    socket.on('data', (data) => {
      const isEnd = data.length >= 5 && data.subarray(-5).equals(Buffer.from([88, 0, 0, 0, 4]));
      const rest = isEnd ? data.subarray(0, -5) : data;
      if (rest.length > 0) server.write(rest);
      if (isEnd) socket.end();
    });
    socket.once('close', release);
    socket.write(Buffer.concat([message('R', Buffer.from([0, 0, 0, 0])), message('Z', Buffer.from('I'))]));
    socket.resume();
  });
};
const listener = net.createServer((socket) => {
  clients.add(socket);
  socket.on('error', () => undefined);
  socket.once('close', () => clients.delete(socket));
  socket.on('data', function first(chunk) {
    if (chunk.length === 8) return socket.write('N');
    socket.off('data', first);
    void serve(socket, chunk);
  });
});
listener.listen(5432, () => console.log('pgbouncer: listens for ' + [...users.keys()].join(', ')));
// A cloud asks the first process of a container to end; the fake asks all of them.
process.on('SIGTERM', () => undefined);
process.on('SIGINT', () => {
  listener.close();
  // A moment for what is under way, as PgBouncer lets transactions finish.
  setTimeout(() => process.exit(0), 200);
});
`;

/** In place of the program that the health check asks the kernel with, which here knows of every task of this machine. */
const grep = `#!/usr/bin/env node
const socket = require('node:net').connect(5432, process.env.FAKE_TASK_ADDRESS);
socket.once('connect', () => process.exit(0)).once('error', () => process.exit(1));
`;

/** The image as templates name it. */
const repository = 'docker.io/edoburu/pgbouncer';

/**
 * Puts a stand-in for PgBouncer's image where the containers of a fake find it.
 *
 * @param writesTo - where its start script writes its configuration to, which here is a directory of this machine
 */
export async function pushPooler(
  world: { onStop(stop: () => Promise<void>): void },
  registry: ImageRegistry,
  writesTo: string,
  tag = 'v1.25.2-p0',
): Promise<void> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'agentctl-pooler-')));
  const written = ['pgbouncer.ini', 'users.txt'].map((name) => join(writesTo, name));
  world.onStop(async () => void (await Promise.all(written.map(async (file) => await rm(file, { force: true })))));
  try {
    registry.store.createRepository(repository);
    await mkdir(join(directory, 'image'));
    // Names are as they are at once here: it need not go on for as long as name servers know it.
    const sleep = '#!/bin/sh\nexec /bin/sleep 1\n';
    for (const [name, text] of Object.entries({ pgbouncer, grep, sleep })) {
      const program = join(directory, 'image', name);
      await writeFile(program, text);
      await chmod(program, 0o755);
    }
    const config = { command: ['pgbouncer'], workingDirectory: '/usr/local/bin' };
    await pushDirectoryAsImage({ registry, repository, directory: join(directory, 'image'), config, tags: [tag] });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
