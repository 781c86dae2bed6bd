import { columns, columnTitles } from './column.js';
import { featureKeys, features } from './features.js';
import { supportOf } from './support-of.js';

const marks = { native: '✔', equivalent: '≈', unsupported: '–' } as const;

/** The capability table as Markdown: one row per feature. */
export function capabilityMatrixMarkdown(): string {
  const header = `| | ${columns.map((column) => columnTitles[column]).join(' | ')} |`;
  const rule = `|---|${columns.map(() => ':-:').join('|')}|`;
  const rows = featureKeys.map((key) => {
    const cells = columns.map((column) => marks[supportOf(key, column).support]);
    return `| ${features[key].title} | ${cells.join(' | ')} |`;
  });
  const legend = '✔ as the spec says · ≈ accepted, with a meaning of its own · – an error that names the line';
  return [header, rule, ...rows, '', legend].join('\n');
}

/** What the cells of the table that are not ✔ mean, as Markdown lists, one per column. */
export function capabilityNotesMarkdown(): string {
  return columns
    .map((column) => {
      const list = featureKeys.flatMap((key) => {
        const { support, note } = supportOf(key, column);
        return support === 'native' ? [] : [`- ${marks[support]} ${features[key].title}: ${note}`];
      });
      return [`### ${columnTitles[column]}`, '', ...list].join('\n');
    })
    .join('\n\n');
}
