import { randomInt } from 'node:crypto';

/** Addresses of one fake: `world.state(loopbackAddresses)`. */
export interface LoopbackAddresses {
  /** An address of this machine that nothing else of this fake has: 127.16.0.1–127.250.255.254, all of which is loopback. */
  allocate(): string;
}

export function loopbackAddresses(): LoopbackAddresses {
  const used = new Set<string>();
  return {
    allocate() {
      for (;;) {
        const address = `127.${randomInt(16, 251)}.${randomInt(0, 256)}.${randomInt(1, 255)}`;
        if (used.has(address)) continue;
        used.add(address);
        return address;
      }
    },
  };
}
