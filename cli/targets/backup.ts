/** A copy of a database that can be restored. */
export interface Backup {
  readonly id: string;
  /** ISO 8601; the data in it is of this moment. */
  readonly createdAt: string;
  /** `manual`, `scheduled`, `before-migration`, `final`. */
  readonly reason: string;
  readonly database: string;
  readonly bytes: number;
  /** What the database said its schema was. */
  readonly schema: string | null;
}

/** A database that a restore has replaced, kept until it is deleted. */
export interface ReplacedDatabase {
  readonly id: string;
  /** Id of the backup that took its place. */
  readonly backup: string;
  /** ISO 8601. */
  readonly replacedAt: string;
  readonly bytes: number;
}
