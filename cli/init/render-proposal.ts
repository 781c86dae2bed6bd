import { stringify } from 'yaml';
import type { Proposal, ProposedService } from './proposal.js';
import { specInput } from './spec-input.js';

/** Pure: the agentctl.yaml of a proposal, with comments on what to look at and what else there is. */
export function renderProposal(proposal: Proposal, schema: string): string {
  const input = specInput(proposal);
  const { name, services, variables, omitted } = proposal;
  const inputServices = new Map(Object.entries(asRecord(input['services'])));
  const sections = [
    [
      `# yaml-language-server: $schema=${schema}`,
      '# Proposed by `agentctl init` from what it found here; "check" marks what it could not know.',
      '# `agentctl validate` says whether the file is right, `agentctl deploy` makes it so.',
    ],
    [`name: ${name} # part of the name of everything that is created`],
    imageLines(proposal, input),
    variables.length + omitted.length === 0 ? exampleEnvironment : environmentLines(proposal),
    secretLines(proposal),
    ['services:', ...services.flatMap((service) => serviceLines(service, asRecord(inputServices.get(service.name))))],
    migrationLines(proposal, input),
    partLines(proposal, input),
    cloudLines(proposal, input),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

type Input = Readonly<Record<string, unknown>>;

function imageLines({ hasDockerfile, scaffold, local }: Proposal, input: Input): readonly string[] {
  const use = local.needsDocker.length === 0 ? '; the local target runs the commands below without it' : ' and Compose';
  const note =
    hasDockerfile || scaffold !== undefined
      ? `for the clouds${use}`
      : 'check: there is no Dockerfile yet; the clouds and Compose need one';
  return [`image: ${flow(input['image'])} # ${note}`];
}

const exampleEnvironment = ['# Variables of every service, schedule and migration.', '# env:', '#   LOG_LEVEL: info'];

function environmentLines({ variables, omitted }: Proposal): readonly string[] {
  return [
    '# Variables of every service, schedule and migration. ${…} is filled in by the target; one with a secret in it is one.',
    variables.length === 0 ? 'env: {}' : 'env:',
    ...variables.map(({ name, value, note }) => `  ${name}: ${text(value)}${remark(note)}`),
    ...omitted.map(({ name, value, reason }) => `  # ${name}: ${text(value)}${remark(reason)}`),
  ];
}

function secretLines({ secrets }: Proposal): readonly string[] {
  return [
    '# Names only. Set the values with `agentctl secrets set NAME`; each is a variable of that name.',
    secrets.length === 0 ? '# secrets: [OPENAI_API_KEY]' : `secrets: ${flow(secrets)}`,
  ];
}

function serviceLines(service: ProposedService, input: Input): readonly string[] {
  const { name, note, commandNote, http, isSingle } = service;
  const scale =
    http === undefined
      ? isSingle === true
        ? 'never more than one'
        : 'add queueDepth: 50 to scale on waiting tasks, where the cloud can'
      : 'two replicas, so that one can be replaced while the other serves';
  return [
    `  ${name}:${remark(note === '' ? undefined : note)}`,
    `    command: ${flow(input['command'])}${remark(commandNote === undefined ? undefined : `check: ${commandNote}`)}`,
    ...(http === undefined
      ? []
      : [
          `    port: ${http.port}`,
          `    routes: ${flow(input['routes'])} # public; a service without routes is reachable only from inside`,
          `    health: ${flow(input['health'])}${remark(http.readinessNote)}`,
        ]),
    `    size: ${flow(input['size'])}`,
    `    scale: ${flow(input['scale'])} # ${scale}`,
    `    drain: ${text(input['drain'])} # ${http === undefined ? 'time a running task gets to end' : 'time open requests and streams get to end'} on a rollout`,
    ...(http === undefined
      ? []
      : ['    # pool: { size: 5, overflow: 0 } # connections per replica, checked against what the database accepts']),
  ];
}

function migrationLines({ migration }: Proposal, input: Input): readonly string[] {
  const what = '# Runs once, from the new version, before it starts. If it fails, the old version goes on serving.';
  return migration === undefined
    ? [what, '# migrations: { command: [alembic, upgrade, head] }']
    : [what, `migrations: ${flow(input['migrations'])}${remark(migration.note)}`];
}

function partLines({ parts }: Proposal, input: Input): readonly string[] {
  const line = (section: string, example: string, note: string): string =>
    input[section] === undefined
      ? `# ${section}: ${example} # ${note}`
      : `${section}: ${flow(input[section])} # ${note}`;
  const rabbit = parts.queue === 'rabbitmq' ? 'or redis' : 'or rabbitmq';
  return [
    '# Data services. What runs elsewhere: { external: ${secrets.NAME} }.',
    line('postgres', '{ version: 17, size: small, database: app }', '${postgres.url}; small, medium or large'),
    line('search', '{ nodes: 1, storage: 20Gi }', '${search.url}; OpenSearch'),
    line('cache', '{ memory: 1Gi }', '${cache.url}; speaks the Redis protocol'),
    line('queue', '{ engine: redis }', `\${queue.url}; ${rabbit}`),
  ];
}

function cloudLines({ local }: Proposal, input: Input): readonly string[] {
  const { local: settings } = asRecord(input['clouds']);
  const { process } = asRecord(settings);
  const { build } = asRecord(process);
  const why = `# for ${local.needsDocker.join(', ')}; without, process needs no containers`;
  return [
    'clouds:',
    local.needsDocker.length === 0 && build === undefined
      ? '  local: {} # this machine, without containers'
      : '  local:',
    ...(local.needsDocker.length === 0 ? [] : [`    runtime: docker ${why}`]),
    ...(build === undefined
      ? []
      : [
          '    process: # prepares a copy of the sources; its .venv/bin and node_modules/.bin come first on PATH',
          '      build:',
        ]),
    ...local.build.map((command) => `        - ${flow(command)}`),
    '  # aws: { region: us-east-1 }',
    '  # gcp: { project: my-project, region: us-central1 }',
    '  # azure: { subscription: 00000000-0000-0000-0000-000000000000, location: eastus }',
    '  # kubernetes: { namespace: agents, registry: ghcr.io/acme }',
  ];
}

function remark(note: string | undefined): string {
  return note === undefined ? '' : ` # ${note.replace(/\s+/g, ' ')}`;
}

/** On one line, as people write it: spaces inside of braces, none inside of brackets. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([key, item]) => `${key}: ${flow(item)}`)
      .join(', ')} }`;
  }
  // Inside of brackets more characters need quotes.
  return stringify([value], { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 })
    .trim()
    .slice(1, -1);
}

function text(value: unknown): string {
  return stringify(String(value), { lineWidth: 0, defaultStringType: 'PLAIN', blockQuote: false }).trimEnd();
}

function asRecord(value: unknown): Input {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
