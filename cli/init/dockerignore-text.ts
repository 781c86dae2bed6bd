/** What an image is never built from: secrets, history, state of agentctl, and what a build makes itself. */
export const dockerignoreText = `# What stays out of the image, and out of what is sent to its build. Written by \`agentctl init\` and yours to change.

# secrets
**/.env
**/.env.*
!**/.env.example
**/*.pem
**/*.key
**/id_rsa
**/id_ed25519
**/.aws
**/.ssh

# history and state
.git
.agentctl
agentctl.yaml

# what the build makes itself
**/node_modules
**/.next
**/.venv
**/venv
**/__pycache__
**/*.pyc
**/.pytest_cache
**/.mypy_cache
**/.ruff_cache
coverage
**/.coverage

# the build itself
**/Dockerfile*
**/.dockerignore
`;
