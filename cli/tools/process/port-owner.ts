import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { captureOutput } from './spawn.js';
import { processStat } from './identity.js';

/** Who listens on a port, for people: `node (pid 4711)`; `undefined` when the operating system does not tell. */
export function portOwner(port: number): string | undefined {
  return process.platform === 'linux' ? linuxPortOwner(port) : portablePortOwner(port);
}

/** The TCP ports on which processes of a group listen; empty when the operating system does not tell. */
export function portsOfGroup(groupId: number): readonly number[] {
  return process.platform === 'linux' ? linuxPortsOfGroup(groupId) : portablePortsOfGroup(groupId);
}

function linuxPortOwner(port: number): string | undefined {
  const inodes = new Set(
    listeningSockets()
      .filter((socket) => socket.port === port)
      .map((socket) => socket.inode),
  );
  if (inodes.size === 0) return undefined;
  const pid = processIds().find((candidate) => socketInodes(candidate).some((inode) => inodes.has(inode)));
  return pid === undefined ? undefined : `${readText(`/proc/${pid}/comm`).trim()} (pid ${pid})`;
}

function linuxPortsOfGroup(groupId: number): readonly number[] {
  const inodes = new Set(
    processIds()
      .filter((pid) => processStat(pid)?.processGroup === groupId)
      .flatMap((pid) => socketInodes(pid)),
  );
  const ports = listeningSockets().filter((socket) => inodes.has(socket.inode));
  return [...new Set(ports.map((socket) => socket.port))].sort((a, b) => a - b);
}

/** Rows of /proc/net/tcp and tcp6 in state 0A (listen); see proc_net(5). */
function listeningSockets(): readonly { readonly port: number; readonly inode: string }[] {
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
    readText(file)
      .split('\n')
      .slice(1)
      .flatMap((row) => {
        const fields = row.trim().split(/\s+/);
        const port = fields[1]?.split(':')[1];
        const inode = fields[9];
        if (fields[3] !== '0A' || port === undefined || inode === undefined) return [];
        return [{ port: Number.parseInt(port, 16), inode }];
      }),
  );
}

function processIds(): readonly string[] {
  return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
}

function socketInodes(pid: string): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
      const inode = /^socket:\[(\d+)\]$/.exec(linkTarget(`/proc/${pid}/fd/${descriptor}`))?.[1];
      return inode === undefined ? [] : [inode];
    });
  } catch {
    return [];
  }
}

function portablePortOwner(port: number): string | undefined {
  const fields = captureOutput('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']).split('\n');
  const pid = fields.find((field) => field.startsWith('p'))?.slice(1);
  const name = fields.find((field) => field.startsWith('c'))?.slice(1);
  return pid === undefined ? undefined : `${name ?? 'a process'} (pid ${pid})`;
}

function portablePortsOfGroup(groupId: number): readonly number[] {
  const fields = captureOutput('lsof', ['-nP', '-a', '-g', String(groupId), '-iTCP', '-sTCP:LISTEN', '-Fn']).split(
    '\n',
  );
  const ports = fields.flatMap((field) =>
    (/^n.*:(\d+)$/.exec(field)?.[1] ?? '').split(' ').filter(Boolean).map(Number),
  );
  return [...new Set(ports)].sort((a, b) => a - b);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function linkTarget(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
