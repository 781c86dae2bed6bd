/** What an alarm says. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export interface StoredAlarm {
  readonly name: string;
  readonly arn: string;
  readonly isComposite: boolean;
  /** As in its template. */
  properties: Readonly<Record<string, unknown>>;
  state: AlarmState;
  reason: string;
  updatedAt: Date;
}

/** Alarms by name; no metric is looked at, a test (or `SetAlarmState`) sets what they say. */
export interface AlarmStore {
  readonly alarms: Map<string, StoredAlarm>;
  set(name: string, state: AlarmState, reason?: string): void;
}

/** The alarms of one fake: `world.state(alarmStore)`. */
export function alarmStore(): AlarmStore {
  const alarms = new Map<string, StoredAlarm>();
  return {
    alarms,
    set(name, state, reason = 'set by hand') {
      const alarm = alarms.get(name);
      if (alarm === undefined) throw new Error(`there is no alarm ${name}: ${[...alarms.keys()].join(', ')}`);
      Object.assign(alarm, { state, reason, updatedAt: new Date() });
    },
  };
}
