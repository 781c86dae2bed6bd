/** Writes one JSON line to stdout. Fields are facts about the work, never message text or addresses. */
export function log(level, event, fields = {}) {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`);
}

/** What may be logged about an error: drivers like to put users, hosts and values into the message, so it stays out. */
export function errorFields(error) {
  return { error: error?.name, code: error?.code, at: error?.stack?.match(/^\s+at (.+)$/m)?.[1] };
}
