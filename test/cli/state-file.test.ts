import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeStateSync } from '../../cli/state-file.js';

let directory = '';
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'agentctl-state-file-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('a state file', () => {
  test('is replaced by a text that only its owner may read', () => {
    const file = join(directory, 'state.json');
    writeFileSync(file, 'before', { mode: 0o644 });

    writeStateSync(file, 'after');

    expect(readFileSync(file, 'utf8')).toBe('after');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(['state.json']);
  });

  test('leaves no draft when it cannot be put in its place', () => {
    mkdirSync(join(directory, 'state.json'));

    expect(() => writeStateSync(join(directory, 'state.json'), 'after')).toThrow(/EISDIR|ENOTEMPTY/);
    expect(readdirSync(directory)).toEqual(['state.json']);
  });
});
