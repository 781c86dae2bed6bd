/**
 * A `gcloud` for the commands of Secret Manager and a token: secrets are kept in the file SECRETS_FILE, and every command
 * line is added to CALLS_FILE. Values come by standard input, as with the real one.
 */
export const secretGcloud = `
const { appendFileSync, existsSync, readFileSync, writeFileSync } = require('node:fs');
const argv = process.argv.slice(2);
appendFileSync(process.env.GOOGLE_TEST_CALLS, JSON.stringify(argv) + '\\n');
const file = process.env.GOOGLE_TEST_SECRETS;
const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
const flag = (name) => argv.find((one) => one.startsWith('--' + name + '='))?.slice(name.length + 3);
const words = argv.filter((one) => !one.startsWith('--'));
const fail = (text) => { console.error('ERROR: (gcloud.secrets) ' + text); process.exit(1); };
const say = (value) => console.log(JSON.stringify(value));
const save = () => writeFileSync(file, JSON.stringify(kept));
const full = (name, version) => 'projects/1/secrets/' + name + (version ? '/versions/' + version : '');
const command = words.join(' ');
if (command === 'auth print-access-token') say({ token: 'ya29.test' });
else if (command.startsWith('secrets create ')) {
  const name = words[2];
  if (kept[name]) fail('ALREADY_EXISTS: Secret [' + full(name) + '] already exists.');
  kept[name] = { labels: flag('labels'), versions: [] };
  save();
  say({ name: full(name) });
} else if (command.startsWith('secrets versions add ')) {
  const secret = kept[words[3]] ?? fail('NOT_FOUND: Secret [' + full(words[3]) + '] not found.');
  secret.versions.push({ value: readFileSync(0, 'base64'), state: 'ENABLED' });
  save();
  say({ name: full(words[3], secret.versions.length), state: 'ENABLED' });
} else if (command.startsWith('secrets versions list ')) {
  const secret = kept[words[3]] ?? fail('NOT_FOUND: Secret [' + full(words[3]) + '] not found.');
  say(secret.versions.map(({ state }, index) => ({ name: full(words[3], index + 1), state })));
} else if (/^secrets versions (access|enable|disable|destroy) /.test(command)) {
  const name = flag('secret');
  const version = kept[name]?.versions[Number(words[3]) - 1];
  if (!version) fail('NOT_FOUND: Secret Version [' + full(name, words[3]) + '] not found.');
  if (words[2] === 'access') {
    if (version.state !== 'ENABLED') fail('FAILED_PRECONDITION: Secret Version is in ' + version.state + ' state.');
    say({ name: full(name, words[3]), payload: { data: version.value.replaceAll('+', '-').replaceAll('/', '_') } });
  } else {
    version.state = { enable: 'ENABLED', disable: 'DISABLED', destroy: 'DESTROYED' }[words[2]];
    save();
    say({});
  }
} else if (command === 'secrets list') say(Object.keys(kept).map((name) => ({ name: full(name) })));
else if (command.startsWith('secrets delete ')) { delete kept[words[2]]; save(); }
else fail('unknown command: ' + command);
`;
