import type { RunEvent } from './events.js';

/**
 * Pure: an event with its text for people redacted. Ids and outputs stay as they are, because a resumed run is guided by
 * them; both are made by steps and hold no secrets.
 */
export function redactedEvent(event: RunEvent, redact: (text: string) => string): RunEvent {
  switch (event.type) {
    case 'step.log':
      return { ...event, line: redact(event.line) };
    case 'step.retrying':
      return { ...event, reason: redact(event.reason) };
    case 'step.failed': {
      const { code, message, fix, detail } = event.failure;
      const shown = detail === undefined ? {} : { detail: redact(detail) };
      return { ...event, failure: { code, message: redact(message), fix: redact(fix), ...shown } };
    }
    case 'run.started':
    case 'step.started':
    case 'step.succeeded':
    case 'recovery.started':
    case 'recovery.finished':
    case 'run.finished':
      return event;
  }
}
