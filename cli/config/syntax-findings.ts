import { type Document, visit, type YAMLParseError } from 'yaml';
import type { Finding } from './finding.js';

/**
 * The errors and warnings of the YAML parser in our words. After the first syntax error the parser only guesses, so the
 * ones that follow it are left out.
 */
export function syntaxFindings(document: Document.Parsed, text: string): readonly Finding[] {
  const fatal = document.errors.find(({ code }) => code !== 'DUPLICATE_KEY');
  const errors = fatal === undefined ? document.errors : [fatal];
  const warnings = fatal === undefined ? document.warnings : [];
  return [
    ...errors.map((error) => errorFinding(error, document, text)),
    ...warnings.map(({ pos: [start, end] }) => tagFinding(start, end, text)),
    ...versionFinding(document),
  ];
}

function errorFinding(error: YAMLParseError, document: Document.Parsed, text: string): Finding {
  const [start, end] = error.pos;
  const place = { start, end, path: [] };
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1).split('\n', 1)[0] ?? '';
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^[^\s:]+/.exec(text.slice(start))?.[0] ?? '';
    const message = `the key "${key}" appears twice in this map`;
    const fix = 'merge the two, or remove one of them';
    return { ...place, end: start + key.length, code: 'duplicate-key', message, fix };
  }
  if (error.code === 'MULTIPLE_DOCS') {
    const message = 'the file holds more than one YAML document';
    const fix = 'keep one document; what differs per stage belongs under "stages:"';
    return { ...place, end: start + 3, code: 'several-documents', message, fix };
  }
  if (error.code === 'TAB_AS_INDENT' || /^\s*\t/.test(line)) {
    const message = 'the line is indented with a tab';
    return { ...place, end: start + 1, code: 'tab-indentation', message, fix: 'indent with two spaces' };
  }
  const quote = /closing (["'])quote/.exec(error.message)?.[1];
  if (quote !== undefined) return unclosedQuote(quote, document);
  return { ...place, end: Math.max(end, start + 1), code: 'yaml-syntax', ...explained(error, line) };
}

/** The parser notices at the end of the file; what helps is where the quote was opened: the last quoted text there is. */
function unclosedQuote(quote: string, document: Document.Parsed): Finding {
  let start = 0;
  visit(document, {
    Scalar: (_, node) => {
      if (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') start = node.range?.[0] ?? start;
    },
  });
  const message = `the quote ${quote} is opened here and never closed`;
  const fix = `close it with ${quote} at the end of the text`;
  return { code: 'yaml-syntax', start, end: start + 1, path: [], message, fix };
}

function explained(error: YAMLParseError, line: string): Pick<Finding, 'message' | 'fix'> {
  if (/[{[,].*[^"']\$\{/.test(line)) {
    const message = 'inside { } and [ ], a text with ${…} needs quotes';
    return { message, fix: 'put it in quotes: "${postgres.url}"' };
  }
  if (/^\s*(?:- )?[\w.-]+:\s+[`@%]/.test(line)) {
    return { message: 'a text cannot begin with this character', fix: 'put the text in quotes' };
  }
  if (error.code === 'BLOCK_AS_IMPLICIT_KEY' || /:\s\S.*:\s/.test(line)) {
    const message = 'two "key: value" on one line, or a text with ": " that needs quotes';
    return { message, fix: 'put the text in quotes, or each key on a line of its own' };
  }
  if (error.code === 'BAD_INDENT' || /indent/i.test(error.message)) {
    return {
      message: 'the indentation does not fit the lines above',
      fix: 'indent keys of one map by the same number of spaces',
    };
  }
  if (/^\s*[\w.-]+:[^\s/]/.test(line)) return { message: 'a colon needs a space after it', fix: 'write "key: value"' };
  const message = error.message.replace(/ at line .*$/s, '').replace(/\.$/, '');
  return {
    message: `not YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
    fix: 'correct this line or the one above',
  };
}

function tagFinding(start: number, end: number, text: string): Finding {
  const tag = /^\S+/.exec(text.slice(start))?.[0] ?? text.slice(start, end);
  const message = `the tag ${tag} means nothing here`;
  const fix = 'remove it; to refer to another part write "${postgres.url}" or another reference';
  return { code: 'unknown-tag', start, end: start + tag.length, path: [], message, found: tag, fix };
}

function versionFinding(document: Document.Parsed): readonly Finding[] {
  const { explicit, version } = document.directives.yaml;
  if (explicit !== true || version !== '1.1') return [];
  const message = 'YAML 1.1 reads values differently (yes is true, 010 is 8)';
  return [{ code: 'yaml-version', start: 0, end: 9, path: [], message, fix: 'remove the %YAML line' }];
}
