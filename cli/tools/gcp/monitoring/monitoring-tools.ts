/** What a revision has answered. */
export interface AnswerCounts {
  readonly answers: number;
  /** Of those, with a status of 500 or above. */
  readonly serverErrors: number;
}

export interface AnswersOptions {
  /** Name of the Cloud Run service. */
  readonly service: string;
  readonly revision: string;
  readonly since: Date;
  readonly signal: AbortSignal;
}

/** Cloud Monitoring. */
export interface MonitoringTools {
  /**
   * How many requests a revision has answered, as far as it is counted: Cloud Run counts once a minute, and what it counted may
   * be seen two minutes later (Google Cloud metrics, run.googleapis.com/request_count).
   */
  answers(options: AnswersOptions): Promise<AnswerCounts>;
}
