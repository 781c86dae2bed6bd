import { openTerraform } from '../../../../cli/tools/terraform/index.js';

/** Deploys one stack until it is killed: `abandoned-apply.ts <options as JSON>`. */
interface Options {
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
  readonly configuration: string;
}

const { environment, directory, configuration }: Options = JSON.parse(process.argv[2] ?? '');
const terraform = openTerraform({ environment, directory, statefulTypes: [] });
await terraform.deploy({
  stack: { name: 'foundation', configuration },
  signal: new AbortController().signal,
  log: (line) => console.log(line),
});
