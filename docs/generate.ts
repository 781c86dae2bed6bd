import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileProblemCodes } from '../cli/config/file-problem-codes.js';
import { bootstrapTemplateText } from '../stacks/aws/bootstrap-app.js';
import { agentJsonSchema, type JsonSchema } from '../stacks/spec/json-schema.js';
import {
  capabilityMatrixMarkdown,
  capabilityNotesMarkdown,
  plainReferences,
  problemCodes,
  sectionReferences,
} from '../stacks/spec/index.js';

/** A file, or a part of one, that is written from the code. Add a line to {@link generatedDocs} for another. */
interface GeneratedDoc {
  readonly file: string;
  /** The whole new content; undefined leaves the file alone. */
  readonly render: (current: string | undefined) => string | undefined;
}

const generatedDocs: readonly GeneratedDoc[] = [
  { file: 'agentctl.schema.json', render: () => `${JSON.stringify(agentJsonSchema(), undefined, 2)}\n` },
  { file: 'docs/config.md', render: configReference },
  { file: 'stacks/aws/bootstrap-template.json', render: bootstrapTemplate },
  { file: 'README.md', render: (current) => withBlock(current, 'capabilities', capabilityMatrixMarkdown()) },
];

/** The generated files that differ from what the code says now. */
export function staleDocs(root: string): readonly string[] {
  return pendingDocs(root).map(({ file }) => file);
}

function pendingDocs(root: string): readonly { readonly file: string; readonly text: string }[] {
  return generatedDocs.flatMap(({ file, render }) => {
    const path = join(root, file);
    const current = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
    const text = render(current);
    return text === undefined || text === current ? [] : [{ file, text }];
  });
}

function bootstrapTemplate(): string {
  const outdir = mkdtempSync(join(tmpdir(), 'agentctl-docs-'));
  // CloudFormation Validate takes seconds, whatever the feature flag says; tests look at the template themselves.
  process.env['CDK_VALIDATION'] = 'false';
  try {
    return bootstrapTemplateText(outdir);
  } finally {
    delete process.env['CDK_VALIDATION'];
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The text with what stands between `<!-- name:begin -->` and `<!-- name:end -->` replaced; undefined without them. */
export function withBlock(current: string | undefined, name: string, content: string): string | undefined {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const start = current?.indexOf(begin) ?? -1;
  const stop = current?.indexOf(end) ?? -1;
  if (current === undefined || start === -1 || stop < start) return undefined;
  return `${current.slice(0, start + begin.length)}\n\n${content}\n\n${current.slice(stop)}`;
}

const introduction = `# agentctl.yaml

Every field, with its default. Written from the schema by \`npm run docs\`; do not edit.

For completion in editors put this first:

\`\`\`yaml
# yaml-language-server: $schema=https://unpkg.com/agentctl/agentctl.schema.json
\`\`\`

Durations are written \`90s\`, \`15m\`, \`1h\`, \`14d\`; amounts \`512Mi\`, \`2Gi\`, \`1Ti\`.
A setting under \`stages.<stage>\` is merged over the rest for that stage: maps merge, lists and values replace, \`null\`
removes. \`name\` belongs to the whole file. The stages \`local\` and \`production\` exist without being declared.`;

function configReference(): string {
  const root = agentJsonSchema();
  const sections = Object.entries(propertiesOf(root)).filter(([key]) => key !== 'stages');
  return `${[
    introduction,
    section(
      'Top level',
      table(sections.map(([key, schema]) => row(key, schema, requiredOf(root).includes(key) ? 'required' : ''))),
    ),
    ...sections
      .map(([key, schema]) => [key, fieldRows(schema, titlePrefix(schema))] as const)
      .flatMap(([key, rows]) => (rows.length === 0 ? [] : [section(`\`${key}\``, table(rows))])),
    section('References', referenceText()),
    section('What each target does with it', `${capabilityMatrixMarkdown()}\n\n${capabilityNotesMarkdown()}`),
    section('Problems with the spec', codeTable(problemCodes)),
    section('Problems with the file', codeTable(fileProblemCodes)),
  ].join('\n\n')}\n`;
}

function section(title: string, body: string): string {
  return `## ${title}\n\n${body}`;
}

function table(rows: readonly string[]): string {
  return ['| field | type | default | description |', '|---|---|---|---|', ...rows].join('\n');
}

/** Fields of a map by name begin with `<name>.`. */
function titlePrefix(schema: JsonSchema): string {
  return isSchema(schema['additionalProperties']) ? '<name>.' : '';
}

/** One row per field, nested fields with dotted names; the branches of a union one after the other. */
function fieldRows(schema: JsonSchema, prefix: string): readonly string[] {
  const branches = Array.isArray(schema['anyOf']) ? schema['anyOf'].filter(isSchema) : [schema];
  const maps = branches.filter((branch) => !isFieldless(branch)).length;
  const rows = branches.flatMap((branch) => {
    const { items, additionalProperties: values } = branch;
    if (isSchema(items)) return fieldRows(items, prefix);
    if (isFieldless(branch) && isSchema(values)) return fieldRows(values, prefix);
    return Object.entries(propertiesOf(branch)).flatMap(([key, field]) => {
      const required = requiredOf(branch).includes(key) ? (maps > 1 ? 'required in this form' : 'required') : '';
      const nested = prefix !== '' && key === 'image' ? [] : fieldRows(field, `${prefix}${key}${nameSuffix(field)}.`);
      return [row(`${prefix}${key}`, field, required), ...nested];
    });
  });
  return [...new Set(rows)];
}

function nameSuffix(field: JsonSchema): string {
  if (field['type'] === 'array') return '[]';
  return isFieldless(field) && isSchema(field['additionalProperties']) ? '.<name>' : '';
}

function isFieldless(schema: JsonSchema): boolean {
  return !isSchema(schema['properties']);
}

function row(name: string, schema: JsonSchema, required: string): string {
  const { default: value, description } = schema;
  const isPlain = value !== undefined && (typeof value !== 'object' || value === null);
  const text = typeof description === 'string' ? description.replaceAll('|', '\\|') : '';
  return `| \`${name}\` | ${typeText(schema)} | ${isPlain ? `\`${String(value)}\`` : required} | ${text} |`;
}

function typeText(schema: JsonSchema): string {
  const { type, enum: values, pattern, anyOf, minimum, maximum } = schema;
  if (Array.isArray(anyOf)) return [...new Set(anyOf.filter(isSchema).map(typeText))].join(' or ');
  if (Array.isArray(values)) return values.map((value) => `\`${String(value)}\``).join(', ');
  if (type === 'integer' || type === 'number')
    return `${type === 'integer' ? 'whole number' : 'number'}, ${Number(minimum)}–${Number(maximum)}`;
  if (type === 'boolean') return '`true`, `false`';
  if (type === 'array') return isSchema(schema['items']) ? `list of ${typeText(schema['items'])}` : 'list';
  if (type === 'object') return 'map';
  if (pattern === String.raw`^(\d+)([smhd])$`) return 'duration';
  if (pattern === String.raw`^(\d+)(Mi|Gi|Ti)$`) return 'amount';
  return 'text';
}

function referenceText(): string {
  const sections = Object.entries(sectionReferences).map(
    ([name, fields]) => `- ${fields.map((field) => `\`\${${name}.${field}}\``).join(' ')}`,
  );
  return [
    'Values of `env` and of `external` may contain references; `$${` stands for a literal `${`. In `command` only `${port}`',
    'is replaced. A text that contains a secret is a secret: it never appears as plain text in any output.',
    'Inside `{ }` and `[ ]` a reference needs quotes: `{ external: "${secrets.SEARCH_URL}" }`.',
    '',
    ...sections,
    '- `${secrets.NAME}` `${services.NAME.url}`',
    `- ${plainReferences.map((reference) => `\`\${${reference}}\``).join(' ')}`,
    '',
    '`${postgres.url}` goes through the pooler when there is one, `${postgres.directUrl}` never does. Of an `external` section',
    'only `url` (and `directUrl`) is known.',
  ].join('\n');
}

function codeTable(codes: Readonly<Record<string, string>>): string {
  const rows = Object.entries(codes).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  return ['| code | meaning |', '|---|---|', ...rows].join('\n');
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  const { properties } = schema;
  if (!isSchema(properties)) return {};
  return Object.fromEntries(
    Object.entries(properties).flatMap(([key, value]) => (isSchema(value) ? [[key, value]] : [])),
  );
}

function requiredOf(schema: JsonSchema): readonly string[] {
  const { required } = schema;
  return Array.isArray(required) ? required.map(String) : [];
}

function main(root: string, check: boolean): void {
  const pending = pendingDocs(root);
  if (check) {
    for (const { file } of pending) console.error(`${file} is stale; run "npm run docs"`);
    process.exitCode = pending.length > 0 ? 1 : 0;
    return;
  }
  for (const { file, text } of pending) {
    writeFileSync(join(root, file), text);
    console.log(`wrote ${file}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main(join(import.meta.dirname, '..'), process.argv.includes('--check'));
}
