import type { CommandContext } from '../../cli/command-context.js';
import { plainStyle } from '../../cli/report/style.js';

/** What a command may do in a test besides returning its result. */
export interface ExpectedTalk {
  readonly workingDirectory: string;
  /** @default - a note fails the test */
  readonly onNote?: (text: string) => void;
  /** @default - a warning fails the test */
  readonly onWarning?: (text: string) => void;
}

/** The context of a command that is called as a function: anything it says or asks beyond what is expected fails. */
export function commandContext({ workingDirectory, onNote, onWarning }: ExpectedTalk): CommandContext {
  const fail = (): never => {
    throw new Error('not expected here');
  };
  const never = new AbortController().signal;
  return {
    io: {
      canAsk: false,
      json: false,
      style: plainStyle,
      mask: () => undefined,
      redact: (text) => text,
      note: onNote ?? fail,
      warn: onWarning ?? fail,
      output: fail,
      pass: fail,
      display: fail,
      confirm: fail,
      askSecret: fail,
      finish: fail,
    },
    atEnd: () => undefined,
    interrupt: { signal: never, giveUp: never, dispose: () => undefined },
    environment: {},
    workingDirectory,
    commandLine: 'agentctl test',
    readStdin: fail,
    stdin: fail,
  };
}
