'use strict';
// The CDK toolkit waits 1 to 15 seconds before it repeats a call, and nothing can tell it otherwise. Against the fake it
// waits 20 ms: how often it repeats, and what, stays as it is.
const Module = require('node:module');

const quickMilliseconds = 20;
const quickened = new WeakSet();
const load = Module._load;

for (const [path, { exports: loaded }] of Object.entries(Module._cache)) {
  if (/@smithy.util-retry.dist-cjs.index\.js$/.test(path)) quicken(loaded.ConfiguredRetryStrategy.prototype);
}

Module._load = function (request, ...more) {
  const loaded = load.call(this, request, ...more);
  if (request === '@smithy/util-retry') quicken(loaded.ConfiguredRetryStrategy.prototype);
  return loaded;
};

function quicken(prototype) {
  if (quickened.has(prototype)) return;
  quickened.add(prototype);
  const { refreshRetryTokenForRetry } = prototype;
  prototype.refreshRetryTokenForRetry = function (...args) {
    this.retryBackoffStrategy.computeNextBackoffDelay = () => quickMilliseconds;
    return refreshRetryTokenForRetry.apply(this, args);
  };
}
