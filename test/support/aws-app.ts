/** The `agentctl.yaml` of the agent of `cloud-app.ts` on AWS, with an image. */
export function awsAppConfig(image: string): string {
  return `
name: story
image: { ref: "${image}" }
secrets: [TOKEN]
env: { DATABASE_URL: "\${postgres.directUrl}", RELEASE: "\${release.id}" }
postgres: { database: agent }
services:
  api:
    command: [node, server.js]
    port: 8000
    routes: [{ path: / }]
    health: { readiness: /health, startupTimeout: 30s }
    size: { cpu: 0.25, memory: 512Mi }
    scale: { min: 1, max: 2 }
schedules:
  nightly: { cron: "0 3 * * *", command: [node, migrate.js] }
migrations: { command: [node, migrate.js], timeout: 1m }
clouds: { aws: { region: eu-central-1, postgres: { urlQuery: sslmode=no-verify } } }
`;
}
