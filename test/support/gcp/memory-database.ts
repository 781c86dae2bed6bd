import { AgentctlError } from '../../../cli/errors.js';
import type { DatabaseBackup, DatabaseState, DatabaseTools } from '../../../cli/tools/gcp/database/database-tools.js';

interface KeptData extends DatabaseBackup {
  readonly data: string;
  readonly password: string;
}

/** A Cloud SQL instance whose data is one text, and which knows what its one user logs in with. */
export class MemoryDatabase implements DatabaseTools {
  data = 'nothing';
  password = '';
  readonly kept: KeptData[] = [];
  /** Restores of these fail, with half of the data in place. */
  readonly bad = new Set<string>();
  readonly #acts: string[];

  constructor(acts: string[]) {
    this.#acts = acts;
  }

  async state(instance: string): Promise<DatabaseState> {
    const about = { version: 'POSTGRES_17', tier: 'db-custom-2-8192', isHighlyAvailable: false, storageGiB: 10 };
    return await Promise.resolve({ instance, state: 'RUNNABLE', ...about, replicas: [] });
  }

  async backups(): Promise<readonly DatabaseBackup[]> {
    return await Promise.resolve(this.kept.toReversed());
  }

  async keptBackups(): Promise<readonly DatabaseBackup[]> {
    return await Promise.resolve([]);
  }

  async deleteBackup(): Promise<void> {
    await Promise.resolve();
  }

  async settled(): Promise<void> {
    await Promise.resolve();
  }

  async createBackup({ instance, description }: { instance: string; description: string }): Promise<DatabaseBackup> {
    const known = this.kept.find((one) => one.description === description);
    if (known !== undefined) return known;
    const { data, password } = this;
    const id = String(this.kept.length + 1);
    const made = { id, instance, status: 'SUCCESSFUL', type: 'ON_DEMAND', description, startedAt: null };
    this.kept.push({ ...made, data, password });
    this.#acts.push(`back up ${data}`);
    return await Promise.resolve(made);
  }

  async restore({ backup }: { backup: string }): Promise<void> {
    this.#acts.push(`restore ${backup}`);
    const found = this.kept.find(({ id }) => id === backup);
    if (found === undefined || this.bad.has(backup)) {
      this.data = 'half';
      throw new AgentctlError('ToolFailed', `the restore of ${backup} failed`, { fix: '' });
    }
    this.data = found.data;
    this.password = found.password;
    await Promise.resolve();
  }

  async setPassword(_instance: string, user: string, password: string): Promise<void> {
    this.#acts.push(`password of ${user}`);
    this.password = password;
    await Promise.resolve();
  }
}
