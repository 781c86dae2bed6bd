import { type Document, LineCounter, parseDocument } from 'yaml';
import type { Finding } from './finding.js';
import { lintYaml } from './lint-yaml.js';
import { syntaxFindings } from './syntax-findings.js';

/** A YAML file with the positions of everything in it. */
export interface ParsedYaml {
  readonly text: string;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
  /** The content as plain data; undefined when it cannot be read. */
  readonly value: unknown;
  readonly findings: readonly Finding[];
}

/** Most nodes that aliases may expand to, per node of the file (the default of the yaml package). */
const maxAliasCount = 100;

/** Parses one YAML 1.2 document. What YAML would read silently as something else is a finding. */
export function parseYaml(text: string): ParsedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2', merge: false });
  const syntax = syntaxFindings(document, text);
  const parsed = { text, document, lines };
  if (syntax.some(({ code }) => code !== 'duplicate-key' && code !== 'unknown-tag')) {
    return { ...parsed, value: undefined, findings: syntax };
  }
  if (document.contents === null) return { ...parsed, value: undefined, findings: [...syntax, empty(text)] };
  try {
    const value: unknown = document.toJS({ maxAliasCount });
    return { ...parsed, value, findings: [...syntax, ...lintYaml(document)] };
  } catch {
    return { ...parsed, value: undefined, findings: [...syntax, aliasBomb(text)] };
  }
}

function empty(text: string): Finding {
  const message = text.trim() === '' ? 'the file is empty' : 'the file has only comments';
  const fix = 'write at least "name:" and "services:"; "agentctl init" writes a first version';
  return { code: 'empty-file', start: 0, end: 0, path: [], message, fix };
}

function aliasBomb(text: string): Finding {
  const start = text.lastIndexOf('*');
  const end = start + (/^\*\S*?(?=[\s,\]}]|$)/.exec(text.slice(start))?.[0].length ?? 1);
  const message = 'aliases expand to far more than the file holds';
  return { code: 'alias-bomb', start, end, path: [], message, fix: 'write the values out instead of nesting aliases' };
}
