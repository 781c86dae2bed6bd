import { changeSecretStore, type SecretStore } from './secret-store.js';

type Versioned = SecretStore['staged'][string];

/** Keeps a value that {@link promoteSecret} will bring into use. */
export function stageSecret(stateDirectory: string, name: string, staged: Versioned): void {
  changeSecretStore(stateDirectory, (store) => ({ ...store, staged: { ...store.staged, [name]: staged } }));
}

/** Brings a staged value into use and keeps the one before; nothing happens when none is staged. */
export function promoteSecret(stateDirectory: string, name: string): void {
  changeSecretStore(stateDirectory, (store) => {
    const { [name]: next, ...staged } = store.staged;
    if (next === undefined) return store;
    const value = store.secrets[name];
    const before = value === undefined ? {} : { [name]: { value, version: store.versions[name] ?? 'unknown' } };
    return { ...withSecret(store, name, next), staged, replaced: { ...store.replaced, ...before } };
  });
}

/** Takes a rotation back: the value before is in use again, whether or not the new one was. */
export function restoreSecret(stateDirectory: string, name: string): void {
  changeSecretStore(stateDirectory, (store) => {
    const before = store.replaced[name];
    return forgotten(before === undefined ? store : withSecret(store, name, before), name);
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
