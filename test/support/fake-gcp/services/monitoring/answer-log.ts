/** What a revision answered. */
export interface LoggedAnswer {
  readonly service: string;
  readonly revision: string;
  readonly status: number;
  readonly at: Date;
}

/** Every answer of a service of one fake, oldest first: `world.state(answerLog)`. */
export function answerLog(): LoggedAnswer[] {
  return [];
}
