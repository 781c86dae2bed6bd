/*
 * Preloaded into one run of the CLI: from its n-th write on every write fails as on a full disk. With { count: FILE } it
 * only writes down how many there are. Log lines of a step after its first do not count: they are all alike.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { fileURLToPath } from 'node:url';

const { at, count, marker } = JSON.parse(process.env.AGENTCTL_TEST_DISK);
delete process.env.AGENTCTL_TEST_DISK;
delete process.env.NODE_OPTIONS;

const { writeFileSync } = fs;
let writes = 0;
let hasLogged = false;
const isTerminal = (target) => target === 1 || target === 2;

/** Throws when the disk is full by now. */
function write(target, data, name) {
  if (isTerminal(target)) return;
  const isLog = typeof data === 'string' && data.startsWith('{"type":"step.log"');
  if (!isLog || !hasLogged) writes += 1;
  hasLogged = isLog;
  if (count !== undefined) writeFileSync(count, String(writes));
  if (at === undefined || writes < at) return;
  writeFileSync(marker, '');
  throw Object.assign(new Error(`ENOSPC: no space left on device, ${name}`), {
    code: 'ENOSPC',
    errno: -28,
    syscall: name,
  });
}

const handle = await fs.promises.open(fileURLToPath(import.meta.url));
const fileHandle = Object.getPrototypeOf(handle);
await handle.close();

for (const name of ['appendFile', 'writeFile', 'write']) {
  const original = fileHandle[name];
  fileHandle[name] = async function (data, ...rest) {
    write(this, data, name);
    return await original.call(this, data, ...rest);
  };
}
for (const name of ['writeFile', 'appendFile', 'copyFile', 'symlink']) {
  const original = fs.promises[name];
  fs.promises[name] = async (target, data, ...rest) => {
    // The promised writeFile of a path is seen once, not again for the handle inside.
    write(target, data, name);
    return await original(target, data, ...rest);
  };
}
for (const name of ['writeSync', 'writeFileSync', 'appendFileSync', 'copyFileSync']) {
  const original = fs[name];
  fs[name] = (target, data, ...rest) => {
    write(target, data, name);
    return original(target, data, ...rest);
  };
}
const { write: callbackWrite } = fs;
fs.write = (target, data, ...rest) => {
  try {
    write(target, data, 'write');
  } catch (error) {
    process.nextTick(rest.at(-1), error);
    return;
  }
  callbackWrite(target, data, ...rest);
};
syncBuiltinESMExports();
