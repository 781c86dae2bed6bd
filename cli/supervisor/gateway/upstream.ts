import { Agent } from 'node:http';
import { type Socket, connect } from 'node:net';

/** A full accept queue lets a connection hang; on loopback nothing else takes this long. */
const connectMilliseconds = 5000;

/**
 * A connection to a replica, made before a request is handed to it: until then nothing was sent, and another replica can
 * be tried. Connections are not kept for a next request, so that none is ever used that the replica is just closing.
 */
export async function connectUpstream(port: number): Promise<Socket> {
  return await new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    const timer = setTimeout(
      () => socket.destroy(new Error(`no connection within ${connectMilliseconds} ms`)),
      connectMilliseconds,
    );
    socket.once('error', reject);
    socket.once('close', () => clearTimeout(timer));
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeListener('error', reject);
      resolve(socket);
    });
  });
}

/** Makes an HTTP request use a connection that exists already. */
export class OneConnectionAgent extends Agent {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    super({ keepAlive: false });
    this.#socket = socket;
  }

  override createConnection(): Socket {
    return this.#socket;
  }
}
