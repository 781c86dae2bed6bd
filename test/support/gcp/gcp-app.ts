/**
 * The `agentctl.yaml` of the agent of `cloud-app.ts` on Google Cloud, with an image.
 *
 * @param beside - image of a second service, which nothing leads to. @default - there is none
 */
export function gcpAppConfig(image: string, beside?: string): string {
  return `
name: story
image: { ref: "${image}" }
secrets: [TOKEN]
env: { DATABASE_URL: "\${postgres.directUrl}", RELEASE: "\${release.id}" }
postgres: { database: agent, pooler: false }
services:
  api:
    command: [node, server.js]
    port: 8000
    routes: [{ path: / }]
    health: { readiness: /health, startupTimeout: 30s }
    size: { cpu: 1, memory: 512Mi }
    scale: { min: 1, max: 2 }
${beside === undefined ? '' : besideService(beside)}schedules:
  nightly: { cron: "0 3 * * *", command: [node, migrate.js] }
migrations: { command: [node, migrate.js], timeout: 1m, snapshot: true }
clouds: { gcp: { project: acme-test, region: europe-west3, postgres: { urlQuery: sslmode=no-verify } } }
`;
}

function besideService(image: string): string {
  return `  beside:
    image: { ref: "${image}" }
    command: [node, server.js]
    port: 8000
    health: { readiness: /health, startupTimeout: 30s }
    scale: { min: 1, max: 1 }
`;
}
