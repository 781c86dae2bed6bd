import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AwsProject, openAwsProject } from '../../support/aws-project.js';
import type { CliResult } from '../../support/local-cli.js';

const server = `
const { createServer } = require('node:http');
createServer((request, response) => {
  response.end(JSON.stringify({ path: request.url, version: 'VERSION', token: (process.env.TOKEN ?? '').length }));
}).listen(8000);
process.on('SIGTERM', () => process.exit(0));
`;

function config(image: string): string {
  return `
name: tiny
image: { ref: "${image}" }
secrets: [TOKEN]
services:
  api:
    command: [node, server.js]
    port: 8000
    routes: [{ path: / }]
    health: { readiness: /health, startupTimeout: 30s }
    size: { cpu: 0.25, memory: 512Mi }
    scale: { min: 1, max: 2 }
migrations: { command: [node, migrate.js], timeout: 1m }
clouds: { aws: { region: eu-central-1 } }
`;
}

let project: AwsProject;
let bootstrapped: CliResult;
let withoutSecret: CliResult;
let planned: CliResult;
let first: CliResult;
let second: CliResult;

// Not run yet: `stacks/aws/bootstrap-template.json` is not written, and the fake does not know AWS::SSM::Document and
// AWS::SSM::Association, which the network has. Up to there it was seen to work.
describe.skip('a first deploy to AWS', () => {
  beforeAll(async () => {
    project = await openAwsProject();
    bootstrapped = await project.agentctl(['bootstrap', '--yes']);
    const files = { 'server.js': server, 'migrate.js': "console.log('agentctl-schema: tiny:1')" };
    await project.write('agentctl.yaml', config(await project.push(files, ['node', 'server.js'])));
    withoutSecret = await project.agentctl(['deploy', '--yes']);
    await project.agentctl(['secrets', 'set', 'TOKEN'], 'canary-3f9c2a71\n');
    planned = await project.agentctl(['diff', '--exit-code']);
    first = await project.agentctl(['deploy', '--yes']);
    second = await project.agentctl(['deploy', '--yes']);
  }, 300_000);

  afterAll(async () => await project.stop());

  test('is prepared by bootstrap', () => {
    expect(bootstrapped).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('agentctl-state-') as string });
  });

  test('is refused while a secret has no value', () => {
    expect(withoutSecret).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('secrets set TOKEN') as string,
    });
  });

  test('can be looked at before: exit 12, and nothing is there', () => {
    expect(planned.stdout).toContain('tiny-production-service');
    expect(planned.exitCode).toBe(12);
  });

  test('serves, proven through the public address', async () => {
    expect(first.stderr).toContain('tiny r1 serves');
    expect(first.exitCode).toBe(0);
    const answer = await fetch(first.stdout.trim());

    expect(await answer.json()).toMatchObject({ token: 'canary-3f9c2a71'.length });
  });

  test('a second one has nothing to do but prove it', () => {
    expect(second.stderr).toContain('nothing to do: tiny r1 serves');
    expect(second.exitCode).toBe(0);
  });

  test('no value of a secret is in any output', () => {
    for (const { stdout, stderr } of [planned, first, second]) expect(stdout + stderr).not.toContain('canary-3f9c2a71');
  });
});
