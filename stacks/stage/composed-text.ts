import { resolveTemplate } from '../spec/index.js';

/** What the references of a composed secret stand for. */
export interface ComposedValues<Part extends string> {
  /** Outputs of the foundation stack. */
  readonly outputs: Readonly<Record<string, string>>;
  /** By NAME. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly passwords: Readonly<Partial<Record<Part, string>>>;
  /** As whom clients log in to the pooler, where that is not the user of the database. */
  readonly pooledUser?: string;
}

/** The text of a composed secret. Throws an Error naming a reference that has no value. */
export function composedText<Part extends string>(template: string, values: ComposedValues<Part>): string {
  const { outputs, secrets, pooledUser } = values;
  const passwords: Readonly<Record<string, string | undefined>> = values.passwords;
  return resolveTemplate(template, (reference) => {
    const [section, name = '', field] = reference.split('.');
    if (section === 'output') return own(outputs, name);
    if (field === 'pooledUser') return pooledUser;
    if (section === 'secrets') return own(secrets, name);
    return section === 'generated' ? own(passwords, name) : undefined;
  });
}

function own<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
