import { AgentctlError } from '../errors.js';
import { changeSecretStore, type SecretStore } from './secret-store.js';

type Versioned = SecretStore['staged'][string];

/** Keeps a value that {@link promoteSecret} will bring into use. */
export function stageSecret(stateDirectory: string, name: string, staged: Versioned): void {
  changeSecretStore(stateDirectory, (store) => ({ ...store, staged: { ...store.staged, [name]: staged } }));
}

/**
 * Brings a staged value into use and keeps the one before; nothing happens when that was done already.
 *
 * @throws StepFailed when none is staged
 */
export function promoteSecret(stateDirectory: string, name: string): void {
  changeSecretStore(stateDirectory, (store) => {
    const { [name]: next, ...staged } = store.staged;
    if (next === undefined) {
      if (store.replaced[name] !== undefined) return store;
      throw new AgentctlError('StepFailed', `no new value of ${name} is waiting to be used`, {
        fix: `rotate it again: agentctl secrets rotate ${name}`,
      });
    }
    const value = store.secrets[name];
    const before = value === undefined ? {} : { [name]: { value, version: store.versions[name] ?? 'unknown' } };
    return { ...withSecret(store, name, next), staged, replaced: { ...store.replaced, ...before } };
  });
}

/**
 * Takes a rotation back: the value before is in use again, whether or not the new one was. The new one waits again: a
 * run that was interrupted can be resumed.
 */
export function restoreSecret(stateDirectory: string, name: string): void {
  changeSecretStore(stateDirectory, (store) => {
    const { [name]: before, ...replaced } = store.replaced;
    const value = store.secrets[name];
    if (before === undefined || value === undefined) return store;
    const staged = { ...store.staged, [name]: { value, version: store.versions[name] ?? 'unknown' } };
    return { ...withSecret(store, name, before), staged, replaced };
  });
}

/** Ends a rotation: the value before is forgotten. */
export function forgetReplacedSecret(stateDirectory: string, name: string): void {
  changeSecretStore(stateDirectory, (store) => forgotten(store, name));
}

function withSecret(store: SecretStore, name: string, { value, version }: Versioned): SecretStore {
  return {
    ...store,
    secrets: { ...store.secrets, [name]: value },
    versions: { ...store.versions, [name]: version },
  };
}

function forgotten(store: SecretStore, name: string): SecretStore {
  const { [name]: _staged, ...staged } = store.staged;
  const { [name]: _replaced, ...replaced } = store.replaced;
  return { ...store, staged, replaced };
}
