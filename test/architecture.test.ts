import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const rooms = ['bin', 'constructs', 'stacks', 'cli'];
/** Data, not code: one literal per line. */
const longFiles: readonly string[] = [];
const longestFile = 300;

interface Import {
  readonly from: string;
  /** Path within the repository, or a package name. */
  readonly to: string;
  readonly typeOnly: boolean;
  /** `import(…)`, at run time or as a type: nothing is loaded before it is asked for. */
  readonly lazy: boolean;
}

function sourceFiles(directory: string): string[] {
  return readdirSync(join(root, directory), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const statements = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s+(type\s+)?[^'";]*?from\s+'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s+'([^']+)'/g,
  );
  return [...statements].map((match) => {
    const specifier = match[2] ?? match[3] ?? match[4] ?? '';
    const to = specifier.startsWith('.')
      ? relative(root, resolve(root, dirname(file), specifier)).replace(/\.js$/, '.ts')
      : specifier;
    return { from: file, to, typeOnly: match[1] !== undefined, lazy: match[3] !== undefined };
  });
}

const files = rooms.flatMap(sourceFiles);
const imports = files.flatMap(importsOf);

/** `true` for an import that a room may not have. */
type Forbidden = (to: string, item: Import) => boolean;

const isPackage = (to: string): boolean => !/^(bin|constructs|stacks|cli)\//.test(to);
const isNode = (to: string): boolean => to.startsWith('node:');
const within =
  (...prefixes: string[]) =>
  (to: string) =>
    prefixes.some((prefix) => to === prefix || to.startsWith(prefix));
const onlyWithin = (own: string[], packages: string[]): Forbidden => {
  const isOwn = within(...own);
  return (to) => {
    if (!isPackage(to)) return !isOwn(to);
    return !packages.some((name) => to === name || to.startsWith(`${name}/`) || (name === 'node:' && isNode(to)));
  };
};

/** What constructs of every cloud are made with. */
const sharedByConstructs = ['constructs/naming/', 'constructs/checks/', 'constructs/pooler/'];

/** The whole library costs 2 s and 450 MB, and a directory is no module for Node: `…/lib/<resource>/index.js`. */
const isProviderIndex = (to: string): boolean => {
  return to.startsWith('@cdktf/') && !/^@cdktf\/provider-google\/lib\/[a-z0-9-]+\/index\.js$/.test(to);
};

const isAwsRuntime = (to: string): boolean => /^@(aws-sdk|aws-cdk|smithy)\//.test(to);

const table: readonly { readonly room: string; readonly rule: string; readonly forbidden: Forbidden }[] = [
  {
    room: 'bin/',
    rule: 'imports only cli/main, cli/version, cli/errors, cli/supervisor and stacks',
    forbidden: onlyWithin(
      ['cli/main.ts', 'cli/version.ts', 'cli/errors.ts', 'cli/supervisor/', 'stacks/'],
      ['node:', 'node_modules/aws-cdk-lib'],
    ),
  },
  {
    room: 'constructs/',
    rule: 'imports no stacks, no cli, no zod, no node',
    forbidden: (to) => within('stacks/', 'cli/', 'bin/')(to) || to === 'zod' || isNode(to),
  },
  {
    room: 'constructs/aws/',
    rule: 'imports the AWS library by submodule, and nothing of another cloud',
    forbidden: (to, item) =>
      to === 'aws-cdk-lib' ||
      onlyWithin(['constructs/aws/', ...sharedByConstructs], ['aws-cdk-lib', 'constructs'])(to, item),
  },
  {
    room: 'constructs/gcp/',
    rule: 'imports the bindings of the provider by file, and nothing of another cloud',
    forbidden: (to, item) =>
      isProviderIndex(to) ||
      onlyWithin(['constructs/gcp/', ...sharedByConstructs], ['cdktf', '@cdktf/provider-google', 'constructs'])(
        to,
        item,
      ),
  },
  {
    room: 'constructs/',
    rule: 'has beside the clouds only what knows none of them',
    forbidden: (to, { from }) =>
      !within('constructs/aws/', 'constructs/gcp/')(from) && isPackage(to) && !/^constructs(?:\/|$)/.test(to),
  },
  { room: 'constructs/aws/limits/', rule: 'imports nothing', forbidden: onlyWithin(['constructs/aws/limits/'], []) },
  {
    room: 'stacks/spec/',
    rule: 'imports only zod, and the limits of clouds',
    forbidden: onlyWithin(['stacks/spec/', 'constructs/aws/limits/'], ['zod']),
  },
  {
    room: 'stacks/local/',
    rule: 'imports only the spec, zod and yaml',
    forbidden: onlyWithin(['stacks/spec/', 'stacks/local/'], ['zod', 'yaml', 'node:path']),
  },
  {
    room: 'stacks/stage/',
    rule: 'imports only the spec, yaml and what hashes: no cloud',
    forbidden: onlyWithin(['stacks/spec/', 'stacks/stage/'], ['yaml', 'node:crypto']),
  },
  {
    room: 'stacks/gcp/',
    rule: 'imports constructs/gcp, the spec, zod and the bindings of the provider by file',
    forbidden: (to, item) =>
      isProviderIndex(to) ||
      onlyWithin(
        ['stacks/spec/', 'stacks/stage/', 'stacks/gcp/', 'constructs/gcp/', 'constructs/naming/'],
        ['zod', 'constructs', 'cdktf', '@cdktf/provider-google'],
      )(to, item),
  },
  {
    room: 'stacks/aws/',
    rule: 'imports constructs/aws, the spec, zod and the AWS library by submodule',
    forbidden: (to, item) =>
      to === 'aws-cdk-lib' ||
      onlyWithin(
        ['stacks/spec/', 'stacks/stage/', 'stacks/aws/', 'constructs/'],
        ['zod', 'yaml', 'constructs', 'aws-cdk-lib', 'node:crypto'],
      )(to, item),
  },
  {
    room: 'cli/config/',
    rule: 'imports only the spec, yaml and what suggests a word',
    forbidden: onlyWithin(['cli/config/', 'stacks/spec/'], ['yaml', 'fastest-levenshtein', 'node:']),
  },
  {
    room: 'cli/init/',
    rule: 'imports only the spec, zod, yaml and dockerignore, and runs nothing',
    forbidden: onlyWithin(
      ['cli/init/', 'stacks/spec/'],
      ['yaml', 'zod', '@balena/dockerignore', 'node:path', 'node:fs'],
    ),
  },
  { room: 'stacks/', rule: 'never imports cli', forbidden: within('cli/', 'bin/') },
  {
    room: 'cli/plan/',
    rule: 'imports only zod and errors',
    forbidden: onlyWithin(['cli/plan/', 'cli/errors.ts'], ['zod', 'node:crypto']),
  },
  {
    room: 'cli/engine/',
    rule: 'imports only plan, errors and what keeps state: steps are passed in',
    forbidden: onlyWithin(
      ['cli/engine/', 'cli/plan/', 'cli/errors.ts', 'cli/state-file.ts', 'cli/object-store.ts'],
      ['zod', 'node:'],
    ),
  },
  {
    room: 'cli/ledger/',
    rule: 'imports only errors and what writes state files',
    forbidden: onlyWithin(
      ['cli/ledger/', 'cli/errors.ts', 'cli/state-file.ts', 'cli/remove-drafts.ts', 'cli/object-store.ts'],
      ['zod', 'node:'],
    ),
  },
  {
    room: 'cli/steps/',
    rule: 'imports plan, errors, contracts, and tools as types only',
    forbidden: (to, { typeOnly }) =>
      (!typeOnly && within('cli/tools/', 'cli/supervisor/')(to) && to !== 'cli/supervisor/protocol.ts') ||
      within('cli/engine/', 'cli/io/', 'cli/report/', 'cli/targets/', 'cli/commands/')(to) ||
      to === 'execa',
  },
  {
    room: 'cli/targets/',
    rule: 'imports neither engine nor io, and runs no process',
    forbidden: (to) =>
      within('cli/engine/', 'cli/io/', 'cli/report/', 'cli/commands/')(to) ||
      to === 'execa' ||
      to === 'node:child_process',
  },
  {
    room: 'cli/dockerfile/',
    rule: 'is pure: it imports its parser and the spec, and reads no file',
    forbidden: onlyWithin(['cli/dockerfile/', 'stacks/spec/'], ['dockerfile-ast']),
  },
  {
    room: 'cli/tools/',
    rule: 'imports only errors, and packages that tools need',
    forbidden: onlyWithin(
      ['cli/tools/', 'cli/errors.ts', 'cli/object-store.ts'],
      [
        'node:',
        'zod',
        'execa',
        'pg',
        'tar',
        'write-file-atomic',
        '@balena/dockerignore',
        'yaml',
        '@aws-sdk',
        '@aws-cdk',
        '@smithy',
        '@peculiar/x509',
        'reflect-metadata',
      ],
    ),
  },
  {
    room: 'cli/tools/aws/',
    rule: 'loads the libraries of AWS only when they are asked for, and runs no program',
    forbidden: (to, { typeOnly, lazy }) => (isAwsRuntime(to) && !typeOnly && !lazy) || to === 'execa',
  },
  {
    room: 'cli/supervisor/',
    rule: 'imports only tools, errors, state-file, redact and the spec, and packages of its own',
    forbidden: onlyWithin(
      [
        'cli/supervisor/',
        'cli/tools/',
        'cli/errors.ts',
        'cli/state-file.ts',
        'cli/remove-drafts.ts',
        'cli/redact.ts',
        'cli/version.ts',
        'stacks/spec/',
      ],
      ['node:', 'zod', 'croner', 'httpxy', 'rotating-file-stream'],
    ),
  },
  {
    room: 'cli/report/',
    rule: 'imports only plan, and events and statuses as types',
    forbidden: (to, { typeOnly }) => isNode(to) || (!isPackage(to) && !within('cli/report/')(to) && !typeOnly),
  },
  {
    room: 'cli/io/',
    rule: 'imports only report, and plan and events as types',
    forbidden: (to, { typeOnly }) => !isPackage(to) && !within('cli/io/', 'cli/report/')(to) && !typeOnly,
  },
  {
    room: 'cli/synth/',
    rule: 'writes files and starts nothing itself',
    forbidden: (to) =>
      within('cli/engine/', 'cli/commands/', 'cli/steps/')(to) || to === 'execa' || to === 'node:child_process',
  },
  {
    room: 'cli/commands/',
    rule: 'runs no process and loads no cloud',
    forbidden: (to) =>
      to === 'execa' ||
      to === 'node:child_process' ||
      within('stacks/aws', 'stacks/gcp', 'stacks/azure', 'stacks/kubernetes')(to),
  },
  {
    room: 'cli/',
    rule: 'never loads a cloud library',
    forbidden: (to) => /^(aws-cdk-lib|cdktf|@cdktf|cdk8s|constructs$|constructs\/)/.test(to),
  },
];

test.each(table)('$room $rule', ({ room, forbidden }) => {
  const broken = imports.filter((item) => item.from.startsWith(room) && forbidden(item.to, item));

  expect(broken.map((item) => `${item.from} → ${item.to}`)).toEqual([]);
});

const pureGcpFiles = [
  'environment',
  'generated-secrets',
  'naming',
  'needed-services',
  'outputs',
  'references',
  'sizes',
  'synth-request',
].map((name) => `stacks/gcp/${name}.ts`);
const isPureGcp = within(...pureGcpFiles, 'stacks/gcp/policy/', 'stacks/stage/');

test('what the CLI imports of stacks/gcp loads no cloud library', () => {
  const byCli = imports.filter((item) => item.from.startsWith('cli/') && item.to.startsWith('stacks/gcp/'));
  const loads = imports.filter((item) => isPureGcp(item.from) && !item.typeOnly);

  expect(byCli.filter((item) => !isPureGcp(item.to)).map((item) => `${item.from} → ${item.to}`)).toEqual([]);
  expect(
    loads
      .filter(
        ({ to }) => !within('stacks/spec/', 'constructs/naming/', 'zod', 'yaml', 'node:crypto')(to) && !isPureGcp(to),
      )
      .map((item) => `${item.from} → ${item.to}`),
  ).toEqual([]);
});

/** What the CLI reads of stacks/aws in its own process. */
const pureAwsFiles = [
  'environment',
  'generated-secrets',
  'naming',
  'outputs',
  'references',
  'sizes',
  'synth-request',
].map((name) => `stacks/aws/${name}.ts`);
const isPureAws = within(...pureAwsFiles, 'stacks/aws/policy/');

test('what the CLI imports of stacks/aws loads no cloud library', () => {
  const byCli = imports.filter((item) => item.from.startsWith('cli/') && item.to.startsWith('stacks/aws/'));
  const loads = imports.filter((item) => isPureAws(item.from) && !item.typeOnly);

  expect(byCli.filter((item) => !isPureAws(item.to)).map((item) => `${item.from} → ${item.to}`)).toEqual([]);
  expect(
    loads
      .filter(({ to }) => !within('stacks/spec/', 'stacks/stage/', 'zod', 'node:crypto')(to) && !isPureAws(to))
      .map((item) => `${item.from} → ${item.to}`),
  ).toEqual([]);
});

test('every room of the table in ARCHITECTURE.md has a rule', () => {
  const document = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  const listed = [...document.matchAll(/^\| `([a-z/]+\/)(?:<target>\/)?` \|/gm)].map(([, room = '']) => room);
  // Rules for a whole tree say what is in none of its rooms.
  const ruled = table.map(({ room }) => room).filter((room) => room !== 'cli/' && room !== 'stacks/');

  expect(listed.length).toBeGreaterThan(10);
  expect(listed.filter((room) => !ruled.some((start) => room.startsWith(start)))).toEqual([]);
});

test('only cli/tools/aws loads the libraries that AWS is called with', () => {
  const outside = imports.filter(({ from, to }) => isAwsRuntime(to) && !from.startsWith('cli/tools/aws/'));

  expect(outside.map((item) => `${item.from} → ${item.to}`)).toEqual([]);
});

test('only cli/tools runs processes', () => {
  const runners = imports.filter((item) => ['execa', 'node:child_process'].includes(item.to));

  expect(runners.filter((item) => !item.from.startsWith('cli/tools/')).map((item) => item.from)).toEqual([]);
});

test('only cli/io writes to the terminal, and nothing exits the process', () => {
  const offenders = files.filter((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const exits = /process\.exit\(/.test(text);
    const prints = /console\.\w+\(|process\.(stdout|stderr)\b/.test(text);
    // bin/ is the edge: a version for agentctl, a log line for the supervisor, which has no terminal.
    return exits || (prints && !file.startsWith('cli/io/') && !file.startsWith('bin/'));
  });

  expect(offenders).toEqual([]);
});

test('files stay short, and entry points shorter', () => {
  const lengths = files.map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length }));

  expect(lengths.filter(({ file, lines }) => lines > longestFile && !longFiles.includes(file))).toEqual([]);
  expect(lengths.filter(({ file, lines }) => file.startsWith('bin/') && lines > 40)).toEqual([]);
});

test('no file is a drawer for odds and ends', () => {
  expect(files.filter((file) => /(^|\/)(utils?|helpers?|common|misc|types)\.ts$/.test(file))).toEqual([]);
});
