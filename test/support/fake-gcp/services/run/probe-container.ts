import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import type { Probe } from './knative.js';

/** Whether a container answers as its probe wants: HTTP 200 to 399, or an open port (Cloud Run, "Configure container health checks"). */
export async function probeContainer(probe: Probe, address: string, usualPort: number): Promise<boolean> {
  const milliseconds = (probe.timeoutSeconds ?? 1) * 1000;
  return await new Promise((resolve) => {
    if (probe.httpGet === undefined) {
      const socket = connect({ host: address, port: probe.tcpSocket?.port ?? usualPort });
      const end = (isOpen: boolean): void => {
        socket.destroy();
        resolve(isOpen);
      };
      socket.setTimeout(milliseconds, () => end(false));
      socket.once('connect', () => end(true));
      socket.once('error', () => end(false));
      return;
    }
    const { path = '/', port = usualPort } = probe.httpGet;
    const request = httpRequest({
      host: address,
      port,
      path,
      agent: false,
      headers: { 'user-agent': 'GoogleHC/1.0' },
    });
    request.setTimeout(milliseconds, () => request.destroy(new Error('timeout')));
    request.on('error', () => resolve(false));
    request.on('response', (response) => {
      response.resume();
      const { statusCode = 0 } = response;
      resolve(statusCode >= 200 && statusCode < 400);
    });
    request.end();
  });
}
