import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../stacks/spec/schema/duration.js';

/** Adds the flags that every command has. */
export function withCommonOptions(command: Command): Command {
  // `logs -f` follows, as everywhere else
  const fileFlags = command.name() === 'logs' ? '--file <file>' : '-f, --file <file>';
  return command
    .addOption(new Option('--cloud <target>', 'aws, gcp, azure, kubernetes or local').env('AGENTCTL_CLOUD'))
    .addOption(
      new Option('-s, --stage <name>', 'stage (default: local for --cloud local, else production)').env(
        'AGENTCTL_STAGE',
      ),
    )
    .addOption(new Option(fileFlags, 'config file, - for stdin (default: agentctl.yaml)').env('AGENTCTL_FILE'))
    .addOption(new Option('-C, --directory <directory>', 'where to look for it').env('AGENTCTL_DIRECTORY'))
    .option('--json', 'JSON lines on stdout instead of text (env: AGENTCTL_JSON)')
    .option('--no-input', 'never ask (env: AGENTCTL_NO_INPUT)')
    .option('--no-color', 'no colours (env: AGENTCTL_NO_COLOR, NO_COLOR)')
    .option('--verbose', 'show the causes of errors (env: AGENTCTL_VERBOSE)');
}

/** Its variable is read by whoever runs the command: to commander's `env`, every word on such a flag is a yes. */
export function yesOption(): Option {
  return new Option('-y, --yes', 'do not ask (env: AGENTCTL_YES)');
}

/** In seconds. */
export function timeoutOption(): Option {
  return new Option('--timeout <duration>', 'give up after this long, such as 10m')
    .env('AGENTCTL_TIMEOUT')
    .argParser(seconds);
}

/** In seconds. */
export function lockWaitOption(): Option {
  return new Option('--lock-wait <duration>', 'wait this long for another deploy')
    .env('AGENTCTL_LOCK_WAIT')
    .argParser(seconds);
}

function seconds(text: string): number {
  const duration = parseDuration(text);
  if (duration === undefined) throw new InvalidArgumentError('Write a duration such as 30s, 10m or 1h.');
  return duration.seconds;
}

/** May be repeated. */
export function imageOption(): Option {
  return new Option(
    '--image <[name=]ref>',
    'run this image, registry/app@sha256:…, instead of building one; of one service with its name; may be repeated',
  )
    .env('AGENTCTL_IMAGE')
    .argParser(eachImage);
}

/** May be repeated. */
export function allowReplaceOption(): Option {
  return new Option(
    '--allow-replace <resource>',
    'allow a resource that holds data to be replaced or removed, by its logical id; may be repeated',
  ).argParser((text: string, before: unknown) => [...(Array.isArray(before) ? before.map(String) : []), text]);
}

/** Of the variable, which cannot be repeated: several with blanks or commas between them. */
function eachImage(text: string, before: unknown): readonly string[] {
  const images = text.split(/[\s,]+/).filter((image) => image !== '');
  return Array.isArray(before) ? [...before.map(String), ...images] : images;
}
