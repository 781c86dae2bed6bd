import { expect, test } from 'vitest';
import { interruptNote } from '../../cli/interrupt-note.js';

test.each([['logs', '-f'], ['status'], ['secrets', 'list'], ['validate', '--json']])(
  'Ctrl-C on `agentctl %s` is silent: nothing winds down',
  (...args) => {
    expect(interruptNote(args, 'SIGINT')).toBeUndefined();
  },
);

test.each([['deploy', '--yes'], ['destroy'], ['run', '--', 'sh'], ['secrets', 'rotate', 'KEY'], []])(
  'Ctrl-C on `agentctl %s` says what follows',
  (...args) => {
    expect(interruptNote(args, 'SIGINT')).toContain('SIGINT: stopping as soon as what runs has wound down');
  },
);
