import type { Command } from 'commander';
import { lockWaitOption, timeoutOption, yesOption } from './command-options.js';
import type { BackupVerb } from './commands/backup.js';
import type { SecretsVerb } from './commands/secrets.js';
import type { Handler } from './program.js';

/** How a command gets its place in the tree. */
export interface CommandPlaces {
  /** A command that only holds others. */
  readonly group: (name: string, description: string, examples: readonly string[], parent?: Command) => Command;
  /** A command with the flags that every command has. */
  readonly add: CommandPlaces['group'];
  readonly action: (handler: Handler) => (...received: unknown[]) => Promise<void>;
}

/** The commands about what a stage keeps: secrets and backups. */
export function addDataCommands({ group, add, action }: CommandPlaces): void {
  const secrets = group('secrets', 'set, rotate or list secret values', [
    'agentctl secrets set OPENAI_API_KEY --cloud local',
    'agentctl secrets list --cloud local',
  ]);
  const onSecrets = (verb: SecretsVerb) =>
    action(async (context, [name], options) =>
      (await import('./commands/secrets.js')).secrets(verb, name, options, context),
    );
  add(
    'set [name]',
    'set a value, from a prompt or from stdin; it reaches the services with the next deploy',
    ['agentctl secrets set OPENAI_API_KEY --cloud local', 'agentctl secrets set OPENAI_API_KEY --cloud aws < key.txt'],
    secrets,
  ).action(onSecrets('set'));
  add(
    'rotate [name]',
    'replace a value and restart what uses it, beside what runs',
    [
      'agentctl secrets rotate OPENAI_API_KEY --cloud local --yes < key.txt',
      'agentctl secrets rotate postgres --cloud aws',
    ],
    secrets,
  )
    .addOption(yesOption())
    .addOption(timeoutOption())
    .addOption(lockWaitOption())
    .action(onSecrets('rotate'));
  add('list', 'list the names, and whether they have a value', ['agentctl secrets list --cloud local'], secrets).action(
    onSecrets('list'),
  );

  const backup = group('backup', 'back up and restore the database', [
    'agentctl backup create --cloud local',
    'agentctl backup restore latest --cloud local',
  ]);
  const onBackups = (verb: BackupVerb) =>
    action(async (context, [id], options) => (await import('./commands/backup.js')).backup(verb, id, options, context));
  add('create', 'take a backup while it serves', ['agentctl backup create --cloud local'], backup)
    .addOption(timeoutOption())
    .addOption(lockWaitOption())
    .action(onBackups('create'));
  add(
    'list',
    'list backups and replaced databases, newest first',
    ['agentctl backup list --cloud local'],
    backup,
  ).action(onBackups('list'));
  add(
    'restore [id]',
    'put a backup in the place of the database, which is kept',
    [
      'agentctl backup restore latest --cloud local',
      'agentctl backup restore b20261120-101502-ab12 --cloud local --yes',
    ],
    backup,
  )
    .addOption(yesOption())
    .addOption(timeoutOption())
    .addOption(lockWaitOption())
    .action(onBackups('restore'));
  add(
    'delete [id]',
    'delete a backup or a replaced database',
    ['agentctl backup delete b20261120-101502-ab12 --cloud local --yes'],
    backup,
  )
    .addOption(yesOption())
    .action(onBackups('delete'));
}
