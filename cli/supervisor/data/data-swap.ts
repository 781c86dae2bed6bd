import { closeSync, existsSync, fsyncSync, openSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { writeStateSync } from '../../state-file.js';
import type { PostgresHome } from '../../tools/postgres/index.js';
import type { PreviousDatabase } from '../protocol.js';

const dataSwap = z.strictObject({
  version: z.literal(1),
  /** Id of the restore. */
  id: z.string(),
  /** Id of the backup. */
  backup: z.string(),
  replacedAt: z.string(),
});

/**
 * One data directory taking the place of another. `swap.json` beside them is written first; the restored directory is then
 * renamed into place, and when its server has started, `swap.json` becomes `previous-<id>.json`: that is the moment the
 * restore has happened. All of it lies beside the data, so that it outlives the supervisor's own state.
 */
export type DataSwap = z.output<typeof dataSwap>;

/** Where a restore makes its data directory. One that no swap needs is removed by {@link removeLeftovers}. */
export function restoredDirectory(home: PostgresHome, id: string): string {
  return beside(home, `restored-${id}`);
}

/** Puts the restored directory in the place of the data directory. No server may run on either. */
export function beginSwap(home: PostgresHome, swap: Omit<DataSwap, 'version'>): void {
  writeStateSync(swapFile(home), `${JSON.stringify({ version: 1, ...swap })}\n`);
  move(home.dataDirectory, previousDirectory(home, swap.id));
  move(restoredDirectory(home, swap.id), home.dataDirectory);
}

/**
 * Before a server is started: undoes a swap that was cut short before the restored data was in place. Answers with one
 * that was cut short after that; it is to be committed when the server starts, and undone when it does not.
 */
export function settleSwap(home: PostgresHome): DataSwap | undefined {
  const swap = readSwap(swapFile(home));
  if (swap === undefined) return undefined;
  const isInPlace = existsSync(previousDirectory(home, swap.id)) && !existsSync(restoredDirectory(home, swap.id));
  if (isInPlace) return swap;
  undoSwap(home, swap);
  return undefined;
}

/** Puts the data back that was there before. No server may run on either. */
export function undoSwap(home: PostgresHome, { id }: DataSwap): void {
  if (existsSync(previousDirectory(home, id))) {
    if (existsSync(home.dataDirectory)) move(home.dataDirectory, restoredDirectory(home, id));
    move(previousDirectory(home, id), home.dataDirectory);
  }
  rmSync(swapFile(home), { force: true });
}

/** The restored data serves: what was there before is now a previous database. */
export function commitSwap(home: PostgresHome, { id }: DataSwap): void {
  move(swapFile(home), noteFile(home, id));
}

/** Whether a restore has happened and what it replaced is still there. */
export function isCommitted(home: PostgresHome, id: string): boolean {
  return existsSync(noteFile(home, id));
}

/** Data that restores have put aside, most recent first. */
export async function previousDatabases(home: PostgresHome): Promise<readonly PreviousDatabase[]> {
  const found: PreviousDatabase[] = [];
  for (const name of readdirSync(dirname(home.dataDirectory))) {
    const swap = /^previous-.+\.json$/.test(name) ? readSwap(beside(home, name)) : undefined;
    if (swap === undefined) continue;
    const directory = previousDirectory(home, swap.id);
    const { id, backup, replacedAt } = swap;
    if (existsSync(directory)) found.push({ id, backup, replacedAt, directory, bytes: await bytesIn(directory) });
  }
  return found.toSorted((a, b) => b.replacedAt.localeCompare(a.replacedAt));
}

/** Removes data that a restore has put aside. False: there is none. */
export async function removePrevious(home: PostgresHome, id: string): Promise<boolean> {
  if (!isCommitted(home, id)) return false;
  const discarded = beside(home, `discarded-${id}`);
  if (existsSync(previousDirectory(home, id))) move(previousDirectory(home, id), discarded);
  rmSync(noteFile(home, id), { force: true });
  await rm(discarded, { recursive: true, force: true });
  return true;
}

/** Removes what restores and removals that were cut short have left. Not while one runs. */
export async function removeLeftovers(home: PostgresHome): Promise<void> {
  const parent = dirname(home.dataDirectory);
  const isNeeded = existsSync(swapFile(home));
  for (const name of existsSync(parent) ? readdirSync(parent) : []) {
    if (isNeeded || !/^(restored|discarded)-/.test(name)) continue;
    await rm(join(parent, name), { recursive: true, force: true });
  }
}

function swapFile(home: PostgresHome): string {
  return beside(home, 'swap.json');
}

function previousDirectory(home: PostgresHome, id: string): string {
  return beside(home, `previous-${id}`);
}

function noteFile(home: PostgresHome, id: string): string {
  return beside(home, `previous-${id}.json`);
}

function beside(home: PostgresHome, name: string): string {
  return join(dirname(home.dataDirectory), name);
}

/** On the disk when it returns. */
function move(from: string, to: string): void {
  renameSync(from, to);
  const directory = openSync(dirname(to), 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

function readSwap(file: string): DataSwap | undefined {
  return existsSync(file) ? dataSwap.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

async function bytesIn(directory: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    bytes += await stat(join(entry.parentPath, entry.name)).then(
      ({ size }) => size,
      () => 0,
    );
  }
  return bytes;
}
