import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import {
  allowReplaceOption,
  imageOption,
  lockWaitOption,
  timeoutOption,
  withCommonOptions,
  yesOption,
} from './command-options.js';
import type { CommandContext } from './command-context.js';
import { addDataCommands } from './data-commands.js';
import { isSwitchedOn } from './environment-switch.js';
import type { CommandResult } from './io/io.js';
import { usageError } from './usage-error.js';
import { version } from './version.js';

/** A command: takes its positional arguments and flags, and returns how it ended. */
export type Handler = (context: CommandContext, args: readonly string[], options: object) => Promise<CommandResult>;

/**
 * Parses a command line and runs its command. Commands are imported when they run.
 *
 * @throws UsageInvalid for a command line that makes no sense
 */
export async function runProgram(argv: readonly string[], context: CommandContext): Promise<CommandResult> {
  let result: CommandResult = { exitCode: 0, text: '', data: {} };
  const problems: string[] = [];
  const program = buildProgram((handler) => async (...received: unknown[]) => {
    const command = received.at(-1);
    if (!(command instanceof Command)) throw new Error('commander passed no command');
    const yes =
      isSwitchedOn(context.environment, 'AGENTCTL_YES') && command.options.some(({ long }) => long === '--yes');
    result = await handler(context, command.args, { ...(yes ? { yes } : {}), ...command.opts() });
  });
  for (const command of allCommands(program)) {
    command.exitOverride().configureOutput({
      writeOut: (text) => context.io.output(text.trimEnd()),
      writeErr: (text) => problems.push(text.trim()),
    });
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return result;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return result;
    throw usageError(error, { program, argv, printed: problems.join('\n') });
  }
}

/** Pure but for `action`: the whole command tree. */
export function buildProgram(action: (handler: Handler) => (...received: unknown[]) => Promise<void>): Command {
  const program = new Command('agentctl')
    .description('Take a packaged AI agent to AWS, Google Cloud, Azure, Kubernetes or this machine from one file.')
    .version(version)
    .showHelpAfterError(false)
    .addHelpText('after', examples(['agentctl init', 'agentctl validate', 'agentctl deploy --cloud local --yes']));

  const group = (name: string, description: string, shown: readonly string[], parent = program): Command =>
    parent.command(name).description(description).addHelpText('after', examples(shown));
  const add = (...about: Parameters<typeof group>): Command => withCommonOptions(group(...about));

  add('init [directory]', 'look at a directory and write an agentctl.yaml for it', [
    'agentctl init',
    'agentctl init services/agent --name support-agent',
  ])
    .option('--name <name>', 'name of the agent (default: the directory’s)')
    .option('--force', 'overwrite an agentctl.yaml that is there')
    .option('--stdout', 'print the file instead of writing it')
    .action(
      action(async (context, [directory], options) =>
        (await import('./commands/init.js')).init(
          { ...options, ...(directory === undefined ? {} : { directory }) },
          context,
        ),
      ),
    );

  add('validate', 'check agentctl.yaml, for every stage and every target it names', [
    'agentctl validate',
    'agentctl validate --stage production --cloud aws --json',
  ]).action(action(async (context, _, options) => (await import('./commands/validate.js')).validate(options, context)));

  add('synth', 'write what would be deployed, as files', [
    'agentctl synth --cloud local',
    'agentctl synth --cloud aws --stage production -o build/',
  ])
    .option('-o, --output <directory>', 'where to write (default: .agentctl/synth/<cloud>-<stage>)')
    .addOption(imageOption())
    .action(action(async (context, _, options) => (await import('./commands/synth.js')).synth(options, context)));

  add('deploy', 'bring the target to what agentctl.yaml says, and prove it', [
    'agentctl deploy --cloud local --yes',
    'agentctl deploy --cloud local --plan-only -o plan.json',
    'agentctl deploy --cloud local --plan plan.json --yes',
    'agentctl deploy --cloud aws --stage production',
  ])
    .alias('up')
    .option('--plan-only', 'make the plan and change nothing')
    .option('-o, --output <file>', 'with --plan-only: where to write the plan (default: stdout)')
    .addOption(new Option('--plan <file>', 'run a plan that was made before').conflicts('planOnly'))
    .addOption(allowReplaceOption())
    .addOption(yesOption())
    .addOption(timeoutOption())
    .addOption(lockWaitOption())
    .addOption(imageOption())
    .action(action(async (context, _, options) => (await import('./commands/deploy.js')).deploy(options, context)));

  add('diff', 'show what a deploy would do: resources, permissions, steps', [
    'agentctl diff --cloud aws',
    'agentctl diff --cloud aws --stage production --exit-code --json',
  ])
    .alias('plan')
    .option('--exit-code', 'end with 12 when there are changes')
    .addOption(allowReplaceOption())
    .addOption(imageOption())
    .action(action(async (context, _, options) => (await import('./commands/diff.js')).diff(options, context)));

  add('resume [run]', 'go on with a deploy that was interrupted', [
    'agentctl resume --cloud local',
    'agentctl resume 20261120-101502345-3f9c --cloud aws',
  ])
    // It never asks; scripts give it to everything.
    .addOption(yesOption())
    .addOption(timeoutOption())
    .addOption(lockWaitOption())
    .addOption(imageOption())
    .action(
      action(async (context, [run], options) => (await import('./commands/resume.js')).resume(run, options, context)),
    );

  add('migrate', 'run the migrations of the source as it is now; what serves goes on serving', [
    'agentctl migrate --cloud local',
    'agentctl migrate --cloud aws --yes --json',
  ])
    .addOption(yesOption())
    .addOption(timeoutOption())
    .addOption(lockWaitOption())
    .addOption(imageOption())
    .action(action(async (context, _, options) => (await import('./commands/migrate.js')).migrate(options, context)));

  add('run [command...]', 'run one command beside what serves, with its build and environment', [
    'agentctl run --cloud local -- node scripts/check.js',
    'agentctl run --cloud aws --service worker --timeout 10m -- python -m backend.reindex',
    'agentctl run --cloud local -i -- psql < query.sql',
    'agentctl run --cloud local --schedule reindex',
  ])
    .option('--service <name>', 'whose build and environment it gets (default: the first)')
    .option('--schedule <name>', 'run what a schedule runs, now')
    .option('-i, --interactive', 'hand on standard input, also when it is no terminal')
    .addOption(timeoutOption())
    .action(
      action(async (context, command, options) => (await import('./commands/run.js')).run(command, options, context)),
    );

  add('status', 'show what runs now', ['agentctl status --cloud local', 'agentctl status --cloud aws --json']).action(
    action(async (context, _, options) => (await import('./commands/status.js')).status(options, context)),
  );

  add('logs [service]', 'print the logs of one service or schedule, or of all', [
    'agentctl logs --cloud local',
    'agentctl logs api -f --cloud aws',
    'agentctl logs --task run-20261120-141915729-9f5b --cloud local',
  ])
    .option('-f, --follow', 'go on with new lines until interrupted')
    .addOption(new Option('--task <id>', 'the output of one migration, run or scheduled run').conflicts(['follow']))
    .addOption(new Option('--tail <lines>', 'lines per log to begin with').argParser(wholeNumber).default(100))
    .action(
      action(async (context, [service], options) =>
        (await import('./commands/logs.js')).logs(service, options, context),
      ),
    );

  add('releases', 'list every release, newest first', [
    'agentctl releases --cloud local',
    'agentctl releases --cloud aws --json',
  ]).action(action(async (context, _, options) => (await import('./commands/releases.js')).releases(options, context)));

  add('rollback [release]', 'run an older release again; without a name the one before', [
    'agentctl rollback --cloud local --yes',
    'agentctl rollback r3 --cloud aws',
  ])
    .addOption(yesOption())
    .addOption(timeoutOption())
    .addOption(lockWaitOption())
    .action(
      action(async (context, [release], options) =>
        (await import('./commands/rollback.js')).rollback(release, options, context),
      ),
    );

  addDataCommands({ group, add, action });

  add('doctor', 'look at everything a deploy needs', ['agentctl doctor --cloud local', 'agentctl doctor --cloud aws'])
    .addOption(imageOption())
    .action(action(async (context, _, options) => (await import('./commands/doctor.js')).doctor(options, context)));

  add('bootstrap', 'prepare a cloud account or project, once', [
    'agentctl bootstrap --cloud aws --yes',
    'agentctl bootstrap --cloud gcp --yes',
    'agentctl bootstrap --cloud aws --github acme/support-agent --environment production',
  ])
    .option('--region <region>', 'where (default: that of agentctl.yaml, then AWS_REGION)')
    .option('--github <owner/repo>', 'also make a role that workflows of this repository may take on to deploy')
    .option('--environment <name>', 'with --github: the environment of GitHub that they run in')
    .addOption(yesOption())
    .action(
      action(async (context, _, options) => (await import('./commands/bootstrap.js')).bootstrap(options, context)),
    );

  add('unlock', 'take the lock away that a run left, after showing whose it is', [
    'agentctl unlock --cloud local',
    'agentctl unlock --cloud aws --yes',
  ])
    .option('--force', 'also from a run that is alive: it stops before its next step')
    .addOption(yesOption())
    .action(action(async (context, _, options) => (await import('./commands/unlock.js')).unlock(options, context)));

  add('destroy', 'take a stage away; data stays unless --delete-data', [
    'agentctl destroy --cloud local',
    'agentctl destroy --cloud aws --delete-data --yes',
  ])
    .option('--delete-data', 'delete databases and secrets as well, after a final backup')
    .option('--no-final-backup', 'with --delete-data: do not back them up before')
    .addOption(yesOption())
    .addOption(timeoutOption())
    .addOption(lockWaitOption())
    .action(action(async (context, _, options) => (await import('./commands/destroy.js')).destroy(options, context)));

  return program;
}

function allCommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

function wholeNumber(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('Write a whole number.');
  return Number(text);
}

function examples(lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}
