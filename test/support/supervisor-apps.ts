import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ArtifactRef, ReleaseManifest, ServiceManifest } from '../../cli/supervisor/protocol.js';

/** A web service that behaves as its environment and its visitors tell it to. Plain Node, no dependencies. */
const appSource = `
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

const mode = process.env.APP_MODE ?? 'healthy';
const argument = process.argv.find((item) => item.startsWith('--port='));
const port = argument === undefined ? Number(process.env.PORT) : Number(argument.slice('--port='.length));
if (mode === 'crash') {
  console.log('about to crash');
  process.exit(1);
}
let isHealthy = mode !== 'never-healthy';

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://app');
  const text = (status, body) => { response.writeHead(status, { 'content-type': 'text/plain' }); response.end(body); };
  if (url.pathname === '/health') return text(isHealthy ? 200 : 503, 'health');
  if (url.pathname === '/fail') { isHealthy = false; return text(200, 'failing'); }
  if (url.pathname === '/exit') { text(200, 'bye'); return void setTimeout(() => process.exit(3), 10); }
  if (url.pathname === '/started') return text(200, String(performance.timeOrigin));
  if (url.pathname === '/pid') return text(200, String(process.pid));
  if (url.pathname === '/env') return text(200, JSON.stringify(process.env));
  if (url.pathname === '/argv') return text(200, JSON.stringify(process.argv.slice(2)));
  if (url.pathname === '/headers') return text(200, JSON.stringify(request.headers));
  if (url.pathname === '/say') { console.log(url.searchParams.get('text')); return text(200, 'said'); }
  if (url.pathname === '/slow') return void setTimeout(() => text(200, 'slow'), Number(url.searchParams.get('ms')));
  if (url.pathname === '/echo') { response.writeHead(200); return void request.pipe(response); }
  if (url.pathname === '/aborted') return text(200, String(aborted));
  if (url.pathname === '/sse') {
    const events = Number(url.searchParams.get('events') ?? 10);
    const gap = Number(url.searchParams.get('ms') ?? 100);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    let sent = 0;
    const timer = setInterval(() => {
      sent += 1;
      response.write('data: ' + sent + '\\n\\n');
      if (sent >= events) { clearInterval(timer); response.end('data: end\\n\\n'); }
    }, gap);
    response.on('close', () => { clearInterval(timer); if (!response.writableFinished) aborted += 1; });
    return;
  }
  // A stream that says something only when it is told to.
  if (url.pathname === '/held') { response.writeHead(200, { 'content-type': 'text/event-stream' }); response.flushHeaders(); return void held.add(response); }
  if (url.pathname === '/push') { for (const stream of held) stream.write('data: push\\n\\n'); return text(200, 'pushed'); }
  if (url.pathname === '/let-go') { for (const stream of held) stream.end('data: end\\n\\n'); return text(200, 'let go'); }
  text(200, process.env.APP_VERSION ?? 'app');
});
let aborted = 0;
const held = new Set();

server.on('upgrade', (request, socket) => {
  if (request.headers.upgrade !== 'websocket') return socket.destroy();
  const accept = createHash('sha1').update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: ' + accept + '\\r\\n\\r\\n');
  socket.on('data', (chunk) => socket.write(chunk));
  socket.on('error', () => undefined);
  socket.on('end', () => socket.end());
});

if (mode !== 'quits-at-once') process.on('SIGTERM', () => { server.close(() => process.exit(0)); server.closeIdleConnections(); });

const listen = () => server.listen(mode === 'wrong-port' ? 0 : port, '127.0.0.1', () => console.log('listening'));
if (mode === 'slow-start') setTimeout(listen, 1200);
else listen();
`;

/** A worker that listens on nothing and says when it is asked to end. */
const workerSource = `
console.log('working');
process.on('SIGTERM', () => { console.log('worker asked to end'); setTimeout(() => { console.log('worker done'); process.exit(0); }, Number(process.env.END_MS ?? 0)); });
setInterval(() => undefined, 1000);
`;

/** Writes the fixture programs into a directory that then serves as an artifact. */
export function writeApps(directory: string): ArtifactRef {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'app.mjs'), appSource);
  writeFileSync(join(directory, 'worker.mjs'), workerSource);
  return { digest: 'sha256:fixture', directory };
}

/** A service `api` of the fixture app. */
export function apiService(artifact: ArtifactRef, change: Partial<ServiceManifest> = {}): ServiceManifest {
  return {
    name: 'api',
    artifact,
    command: [process.execPath, 'app.mjs'],
    env: {},
    port: 8000,
    routes: [{ path: '/' }],
    replicas: 1,
    health: { readiness: '/health', startupTimeoutSeconds: 60 },
    drainSeconds: 10,
    ...change,
  };
}

/** A release with one service `api`, whose answer to `/` is the release id. */
export function apiRelease(id: string, artifact: ArtifactRef, change: Partial<ServiceManifest> = {}): ReleaseManifest {
  const service = apiService(artifact, change);
  return { id, services: [{ ...service, env: { APP_VERSION: id, ...service.env } }], schedules: [] };
}
