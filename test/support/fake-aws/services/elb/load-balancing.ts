import type { FakeWorld } from '../../fake-world.js';
import { ServiceError } from '../../service-error.js';
import type { TargetGroup } from './target-group.js';

/** What is done with a request: as `AWS::ElasticLoadBalancingV2::ListenerRule` writes it, and the API. */
export interface Action {
  readonly Type?: string | undefined;
  readonly Order?: number | undefined;
  readonly TargetGroupArn?: string | undefined;
  readonly ForwardConfig?:
    | {
        readonly TargetGroups?:
          { readonly TargetGroupArn?: string; readonly Weight?: number | undefined }[] | undefined;
      }
    | undefined;
  readonly FixedResponseConfig?:
    | {
        readonly StatusCode?: string | undefined;
        readonly ContentType?: string | undefined;
        readonly MessageBody?: string | undefined;
      }
    | undefined;
  readonly RedirectConfig?:
    | {
        readonly Protocol?: string | undefined;
        readonly Port?: string | undefined;
        readonly Host?: string | undefined;
        readonly Path?: string | undefined;
        readonly Query?: string | undefined;
        readonly StatusCode?: string | undefined;
      }
    | undefined;
}

/** Which requests a rule is for. */
export interface Condition {
  readonly Field?: string | undefined;
  readonly Values?: string[] | undefined;
  readonly PathPatternConfig?: { readonly Values?: string[] | undefined } | undefined;
  readonly HostHeaderConfig?: { readonly Values?: string[] | undefined } | undefined;
  readonly HttpHeaderConfig?:
    { readonly HttpHeaderName?: string | undefined; readonly Values?: string[] | undefined } | undefined;
  readonly HttpRequestMethodConfig?: { readonly Values?: string[] | undefined } | undefined;
}

export interface Rule {
  readonly arn: string;
  priority: number;
  conditions: readonly Condition[];
  actions: readonly Action[];
}

export interface Listener {
  readonly arn: string;
  readonly loadBalancer: LoadBalancer;
  port: number;
  protocol: string;
  defaultActions: readonly Action[];
  certificates: readonly { CertificateArn?: string }[];
  sslPolicy: string | undefined;
  readonly rules: Map<string, Rule>;
}

export interface LoadBalancer {
  readonly arn: string;
  readonly name: string;
  readonly scheme: string;
  /** `127.0.0.1:port`: so `http://<DNSName>` is an address that answers. */
  readonly dnsName: string;
  readonly createdAt: Date;
  attributes: Readonly<Record<string, string>>;
  readonly listeners: Map<string, Listener>;
  /** Ends its proxy. */
  readonly close: () => Promise<void>;
}

/** What Elastic Load Balancing knows. */
export interface LoadBalancing {
  readonly loadBalancers: Map<string, LoadBalancer>;
  readonly targetGroups: Map<string, TargetGroup>;
  /** @throws ServiceError ListenerNotFound */
  listener(arn: string): Listener;
  /** @throws ServiceError TargetGroupNotFound */
  targetGroup(arn: string): TargetGroup;
  /** Load balancers with a listener or a rule that forwards to it. */
  usersOf(targetGroup: TargetGroup): readonly LoadBalancer[];
}

/** The load balancers of one fake: `world.state(loadBalancing)`. */
export function loadBalancing(world: FakeWorld): LoadBalancing {
  const loadBalancers = new Map<string, LoadBalancer>();
  const targetGroups = new Map<string, TargetGroup>();
  world.onStop(async () => {
    for (const group of targetGroups.values()) group.close();
    await Promise.all([...loadBalancers.values()].map(async (balancer) => await balancer.close()));
  });
  return {
    loadBalancers,
    targetGroups,
    listener(arn) {
      for (const balancer of loadBalancers.values()) {
        const found = balancer.listeners.get(arn);
        if (found !== undefined) return found;
      }
      throw new ServiceError('ListenerNotFound', `One or more listeners not found`);
    },
    targetGroup(arn) {
      const found = targetGroups.get(arn);
      if (found === undefined) throw new ServiceError('TargetGroupNotFound', 'One or more target groups not found');
      return found;
    },
    usersOf: (group) =>
      [...loadBalancers.values()].filter((balancer) =>
        [...balancer.listeners.values()].some((listener) =>
          [listener.defaultActions, ...[...listener.rules.values()].map(({ actions }) => actions)]
            .flat()
            .some((action) => targetsOf(action).some(({ arn }) => arn === group.arn)),
        ),
      ),
  };
}

/** Target groups that an action forwards to, with their weights. */
export function targetsOf(action: Action): readonly { readonly arn: string; readonly weight: number }[] {
  const weighted = action.ForwardConfig?.TargetGroups ?? [];
  if (weighted.length > 0) {
    return weighted.map(({ TargetGroupArn = '', Weight = 1 }) => ({ arn: TargetGroupArn, weight: Weight }));
  }
  return action.TargetGroupArn === undefined ? [] : [{ arn: action.TargetGroupArn, weight: 1 }];
}
