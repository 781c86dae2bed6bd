import { Document, isMap, isScalar, isSeq, visit } from 'yaml';
import { buildSecretNames } from '../../spec/index.js';
import type { ComposeContext } from './compose-context.js';
import { type ComposeProject, composeProject } from './compose-project.js';
import { gatewayName } from './gateway.js';
import { schedulesProfile } from './schedules.js';
import { shareEnvironment } from './share-environment.js';
import { sharedEnvironment } from './workload-container.js';

/** Pure: compose.yaml, with comments on what is not obvious. */
export function composeYaml(context: ComposeContext): string {
  const project = composeProject(context);
  // Version 1.1 quotes what any reader could take for something else: docker-compose 1.x reads `no` as false.
  const document = new Document(project, { version: '1.1', aliasDuplicateObjects: false });
  shareEnvironment(document, sharedEnvironment(context));
  visit(document, {
    Pair(_, { key, value }) {
      const name = isScalar(key) ? String(key.value) : '';
      // A text of several lines has a form of its own only outside of brackets.
      if (isSeq(value)) value.flow = !value.items.some((item) => isScalar(item) && String(item.value).includes('\n'));
      if (['command', 'entrypoint', 'test'].includes(name) && isSeq(value)) value.items.forEach(quote);
      if (['environment', 'x-environment', 'args'].includes(name) && isMap(value))
        value.items.forEach((item) => quote(item.value));
      if (name === 'depends_on' && isMap(value)) {
        for (const item of value.items) if (isMap(item.value)) item.value.flow = true;
      }
    },
  });
  document.commentBefore = headComment(context);
  addServiceComments(document, context, project);
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

function quote(node: unknown): void {
  if (!isScalar(node) || typeof node.value !== 'string') return;
  node.type = node.value.includes('\n') ? 'BLOCK_LITERAL' : 'QUOTE_DOUBLE';
}

function headComment({ spec, stage, environmentFile }: ComposeContext): string {
  const directory = environmentFile.replace(/(?:^|\/)[^/]*$/, '');
  const file = directory === '' ? 'compose.yaml' : `${directory}/compose.yaml`;
  return comment([
    `${spec.name}, stage ${stage}, as a Docker Compose project. It runs without agentctl:`,
    `    docker compose -f ${file} up --build`,
    'Written by `agentctl synth --cloud local`, which overwrites it. Its name, passwords and secrets are in .env beside it.',
    'Services have no healthcheck here: a check runs inside the image, and nothing that makes an HTTP request is in every',
    'image. A HEALTHCHECK in the Dockerfile is honoured.',
    ...(buildSecretNames(spec).length === 0 ? [] : ['Builds read secrets, so this file needs Docker Compose 2.']),
  ]);
}

function addServiceComments(document: Document, { spec }: ComposeContext, project: ComposeProject): void {
  const comments = new Map<string, readonly string[]>([
    [gatewayName, ['The only published port, and only on this machine. Routes are in the Caddyfile.']],
    ...spec.migrations.map(({ name }) => [name, ['Runs once, before the services start.']] as const),
    ...Object.entries(spec.schedules).map(([name, { cron }]) => {
      const run = `docker compose --profile ${schedulesProfile} run --rm ${name}`;
      return [name, [`Due at "${cron}" (UTC). Compose has no clock; to run it: ${run}`]] as const;
    }),
    ['pooler', ['PgBouncer: ${postgres.url} leads here, ${postgres.directUrl} and migrations do not.']],
    ['search', ['One node without security plugin: any user name and password will do.']],
  ]);
  const services = document.get('services');
  if (!isMap(services)) return;
  for (const { key } of services.items) {
    const lines =
      isScalar(key) && Object.hasOwn(project.services, String(key.value)) ? comments.get(String(key.value)) : [];
    if (isScalar(key) && lines !== undefined && lines.length > 0) key.commentBefore = comment(lines);
  }
}

/** One space after each `#`. */
function comment(lines: readonly string[]): string {
  return lines.map((line) => ` ${line}`).join('\n');
}
