// A task has an address of its own, as in awsvpc mode. Programs listen on any address or on localhost: here that is the
// task's. What connects to localhost reaches the task itself, as its containers share one network.
'use strict';
const net = require('node:net');
const address = process.env.FAKE_TASK_ADDRESS;
const isAny = (host) =>
  host === undefined || host === null || ['', '0.0.0.0', '::', 'localhost', '127.0.0.1', '::1'].includes(host);
// Those of the containers beside this one are told; its own are seen.
const ownPorts = new Set((process.env.FAKE_TASK_PORTS ?? '').split(',').filter(Boolean).map(Number));

if (address !== undefined) {
  const listen = net.Server.prototype.listen;
  net.Server.prototype.listen = function (...args) {
    const [first, second] = args;
    if (typeof first === 'object' && first !== null && first.port !== undefined) {
      if (isAny(first.host)) args[0] = { ...first, host: address, ipv6Only: undefined };
    } else if (typeof first === 'number' || (typeof first === 'string' && /^\d+$/.test(first))) {
      if (typeof second === 'string') args[1] = isAny(second) ? address : second;
      else args.splice(1, 0, address);
    }
    this.once('listening', () => {
      const at = this.address();
      if (at !== null && typeof at === 'object') ownPorts.add(at.port);
    });
    return listen.apply(this, args);
  };

  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function (...args) {
    // net.connect() hands its arguments over normalized: [options, callback]; a socket is also told [port, host, callback].
    const normalized = Array.isArray(args[0]) ? args[0] : args;
    const [options, host] = normalized;
    if (typeof options === 'object' && options !== null && isAny(options.host) && ownPorts.has(Number(options.port))) {
      normalized[0] = { ...options, host: address };
    } else if (ownPorts.has(Number(options)) && typeof host === 'string' && isAny(host)) {
      normalized[1] = address;
    }
    return connect.apply(this, args);
  };
}
