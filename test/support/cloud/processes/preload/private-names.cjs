// Services find each other by names of a private zone, which no name server of this machine knows: the fake writes down
// which tasks run under which name.
'use strict';
const dns = require('node:dns');
const { readFileSync } = require('node:fs');
const file = process.env.FAKE_PRIVATE_NAMES;

if (file !== undefined) {
  const addressesOf = (host) => {
    try {
      return JSON.parse(readFileSync(file, 'utf8'))[host];
    } catch {
      return undefined;
    }
  };
  const lookup = dns.lookup;
  dns.lookup = function (host, options, callback) {
    const done = callback ?? options;
    const addresses = addressesOf(host);
    if (addresses === undefined) return lookup.apply(this, arguments);
    if (addresses.length === 0) {
      const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND', hostname: host });
      process.nextTick(done, error);
      return;
    }
    // As a name server does: in another order each time.
    const from = Math.floor(Math.random() * addresses.length);
    const turned = [...addresses.slice(from), ...addresses.slice(0, from)];
    const isAll = typeof options === 'object' && options !== null && options.all === true;
    const entries = turned.map((address) => ({ address, family: 4 }));
    if (isAll) process.nextTick(done, null, entries);
    else process.nextTick(done, null, turned[0], 4);
  };
}
