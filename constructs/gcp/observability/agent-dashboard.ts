import { MonitoringDashboard } from '@cdktf/provider-google/lib/monitoring-dashboard/index.js';
import { Construct } from 'constructs';
import { applyTransform, type Transform } from '../transform.js';

/** A service on the dashboard. */
export interface DashboardService {
  readonly serviceName: string;
  /** A worker has no requests. */
  readonly hasRequests: boolean;
}

/** Props of {@link AgentDashboard}. */
export interface AgentDashboardProps {
  readonly displayName: string;
  readonly services: readonly DashboardService[];
  /** `project:instance` of Cloud SQL. @default none */
  readonly databaseId?: string;
  /** Whole name of the Memorystore instance. @default none */
  readonly cacheInstanceId?: string;
  /** Types of metrics the application publishes, such as `custom.googleapis.com/Agent/Quality/Latency`. @default none */
  readonly customMetrics?: readonly string[];
  /** @default none */
  readonly transform?: Transform;
}

interface Chart {
  readonly title: string;
  readonly filter: string;
  readonly align: string;
  readonly reduce: string;
}

const width = 12;
const tile = { width: 6, height: 4 };

/** What the agent does, on one page. */
export class AgentDashboard extends Construct {
  readonly dashboard: MonitoringDashboard;

  constructor(scope: Construct, id: string, props: AgentDashboardProps) {
    super(scope, id);
    const tiles = chartsOf(props).map((chart, index) => ({
      xPos: (index * tile.width) % width,
      yPos: Math.floor((index * tile.width) / width) * tile.height,
      ...tile,
      widget: { title: chart.title, xyChart: { dataSets: [dataSet(chart)] } },
    }));
    // Text and references only: no function of Terraform is needed to write it.
    const dashboard = { displayName: props.displayName, mosaicLayout: { columns: width, tiles } };
    this.dashboard = new MonitoringDashboard(this, 'Dashboard', { dashboardJson: JSON.stringify(dashboard) });
    applyTransform(this, props.transform);
  }
}

function dataSet({ filter, align, reduce }: Chart) {
  const aggregation = { alignmentPeriod: '60s', perSeriesAligner: align, crossSeriesReducer: reduce };
  return { plotType: 'LINE', timeSeriesQuery: { timeSeriesFilter: { filter, aggregation } } };
}

function chartsOf({
  services,
  databaseId,
  cacheInstanceId,
  customMetrics = [],
}: AgentDashboardProps): readonly Chart[] {
  return [
    ...services.flatMap(serviceCharts),
    ...(databaseId === undefined ? [] : databaseCharts(databaseId)),
    ...(cacheInstanceId === undefined ? [] : [cacheChart(cacheInstanceId)]),
    ...customMetrics.map((metric) => chart(metric, `metric.type="${metric}"`, 'ALIGN_MEAN', 'REDUCE_MEAN')),
  ];
}

function serviceCharts({ serviceName, hasRequests }: DashboardService): readonly Chart[] {
  const of = (metric: string): string =>
    hasRequests
      ? `metric.type="run.googleapis.com/${metric}" AND resource.type="cloud_run_revision" AND resource.labels.service_name="${serviceName}"`
      : `metric.type="run.googleapis.com/${metric}" AND resource.type="cloud_run_worker_pool" AND resource.labels.worker_pool_name="${serviceName}"`;
  return [
    ...(hasRequests
      ? [
          chart(`${serviceName}: requests a second`, of('request_count'), 'ALIGN_RATE', 'REDUCE_SUM'),
          chart(`${serviceName}: latency, 95 of 100`, of('request_latencies'), 'ALIGN_PERCENTILE_95', 'REDUCE_MAX'),
        ]
      : []),
    chart(`${serviceName}: instances`, of('container/instance_count'), 'ALIGN_MAX', 'REDUCE_SUM'),
    chart(`${serviceName}: CPU`, of('container/cpu/utilizations'), 'ALIGN_PERCENTILE_95', 'REDUCE_MAX'),
  ];
}

function databaseCharts(databaseId: string): readonly Chart[] {
  const of = (metric: string): string =>
    `metric.type="cloudsql.googleapis.com/database/${metric}" AND resource.type="cloudsql_database" AND resource.labels.database_id="${databaseId}"`;
  return [
    chart('Database: CPU', of('cpu/utilization'), 'ALIGN_MEAN', 'REDUCE_MAX'),
    chart('Database: connections', of('postgresql/num_backends'), 'ALIGN_MEAN', 'REDUCE_SUM'),
    chart('Database: disk', of('disk/utilization'), 'ALIGN_MEAN', 'REDUCE_MAX'),
  ];
}

function cacheChart(instanceId: string): Chart {
  const filter = `metric.type="redis.googleapis.com/stats/memory/usage_ratio" AND resource.type="redis_instance" AND resource.labels.instance_id="${instanceId}"`;
  return chart('Cache: memory', filter, 'ALIGN_MEAN', 'REDUCE_MAX');
}

function chart(title: string, filter: string, align: string, reduce: string): Chart {
  return { title, filter, align, reduce };
}
