import { once } from 'node:events';
import { Server as TcpServer } from 'node:net';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

// How long an idle keep-alive connection may still bring a request, and learn from the answer that we are leaving.
const LINGER_MS = 500;

/**
 * On the first SIGTERM or SIGINT: no new connections, every open stream runs to its end, then `onDrained`.
 * On the second: exit at once. `draining` says whether the first has come.
 */
export function drainOnSignal(server, { onDraining, onDrained }) {
  const state = { draining: false };
  const open = new Set();

  server.prependListener('request', (request, response) => {
    if (state.draining) response.setHeader('connection', 'close');
    open.add(response);
    response.once('close', () => {
      open.delete(response);
      if (open.size === 0) server.emit('quiet');
    });
  });

  async function drain() {
    const closed = once(server, 'close');
    // http's own close() also cuts idle keep-alive connections, and with them a request that is already on its way.
    TcpServer.prototype.close.call(server);
    void closeOnceQuiet();
    await closed;
    await onDrained();
  }

  async function closeOnceQuiet() {
    do {
      if (open.size > 0) await once(server, 'quiet');
      await sleep(LINGER_MS, undefined, { ref: false });
    } while (open.size > 0);
    server.closeAllConnections();
  }

  function onSignal(signal) {
    if (state.draining) process.exit(128 + constants.signals[signal]);
    state.draining = true;
    onDraining({ signal, openRequests: open.size });
    void drain();
  }
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return state;
}
