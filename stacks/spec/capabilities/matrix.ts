import { columns, columnTitles } from './column.js';
import { featureKeys, features } from './features.js';
import { supportOf } from './support-of.js';

const marks = { native: '✔', equivalent: '≈', unsupported: '–' } as const;

/** The capability table as Markdown: one row per feature, then the notes of every cell that is not ✔. */
export function capabilityMatrixMarkdown(): string {
  const header = `| | ${columns.map((column) => columnTitles[column]).join(' | ')} |`;
  const rule = `|---|${columns.map(() => ':-:').join('|')}|`;
  const rows = featureKeys.map((key) => {
    const cells = columns.map((column) => marks[supportOf(key, column).support]);
    return `| ${features[key].title} | ${cells.join(' | ')} |`;
  });
  return [
    header,
    rule,
    ...rows,
    '',
    '✔ as the spec says · ≈ accepted, with this meaning · – an error that names the line',
    '',
    ...notes(),
  ].join('\n');
}

function notes(): readonly string[] {
  return columns.map((column) => {
    const list = featureKeys.flatMap((key) => {
      const { support, note } = supportOf(key, column);
      return support === 'native' ? [] : [`  - ${features[key].title} ${marks[support]} ${note}`];
    });
    return [`- **${columnTitles[column]}**`, ...list].join('\n');
  });
}
