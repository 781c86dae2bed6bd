import * as client from '@aws-sdk/client-cloudwatch';
import type { FakeService } from '../../fake-service.js';
import type { FakeWorld } from '../../fake-world.js';
import { ServiceError } from '../../service-error.js';
import { type AlarmState, alarmStore, type StoredAlarm } from './alarm-store.js';
import { metricStore } from './metric-store.js';

/** CloudWatch: alarms that say what they are told to, and data that is put and kept. */
export const cloudwatch: FakeService = { name: 'monitoring', protocol: 'json', client, operations };

function operations(world: FakeWorld) {
  const store = world.state(alarmStore);
  return {
    DescribeAlarms: (input: client.DescribeAlarmsCommandInput) => {
      const types = input.AlarmTypes ?? ['MetricAlarm'];
      const found = [...store.alarms.values()]
        .filter(({ name }) => input.AlarmNames?.includes(name) ?? name.startsWith(input.AlarmNamePrefix ?? ''))
        .filter(({ state }) => state === (input.StateValue ?? state));
      return {
        MetricAlarms: types.includes('MetricAlarm') ? found.filter((each) => !each.isComposite).map(alarmView) : [],
        CompositeAlarms: types.includes('CompositeAlarm')
          ? found.filter((each) => each.isComposite).map(alarmView)
          : [],
      };
    },
    SetAlarmState: ({ AlarmName = '', StateValue, StateReason = '' }: client.SetAlarmStateCommandInput) => {
      if (!store.alarms.has(AlarmName))
        throw new ServiceError('ResourceNotFound', `Alarm ${AlarmName} not found`, { status: 404 });
      store.set(AlarmName, StateValue as AlarmState, StateReason);
      return {};
    },
    PutMetricData: ({ Namespace = '', MetricData = [] }: client.PutMetricDataCommandInput) => {
      world.state(metricStore).push(...MetricData.map((datum) => ({ namespace: Namespace, datum })));
      return {};
    },
  };
}

function alarmView(alarm: StoredAlarm): client.MetricAlarm {
  const text = (name: string): string | undefined => alarm.properties[name] as string | undefined;
  return {
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    ...(text('AlarmDescription') === undefined ? {} : { AlarmDescription: text('AlarmDescription') }),
    StateValue: alarm.state,
    StateReason: alarm.reason,
    StateUpdatedTimestamp: alarm.updatedAt,
    ActionsEnabled: true,
    ...(alarm.isComposite
      ? { AlarmRule: text('AlarmRule') }
      : { MetricName: text('MetricName'), Namespace: text('Namespace') }),
  };
}
