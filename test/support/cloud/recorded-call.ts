/** One call that arrived, in order of arrival; also those that a fault kept from being carried out. */
export interface RecordedCall {
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** HTTP status of the answer; 0 for a connection that was cut, undefined while the call goes on. */
  status: number | undefined;
  errorCode: string | undefined;
  /** Was it carried out? With a lost reply it was, and its status is 0. */
  isDone: boolean;
}
