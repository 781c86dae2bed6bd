import * as z from 'zod';

/** Docker puts it under `IPAM.Config`, Podman under `subnets`. */
const printedNetwork = z.object({
  IPAM: z.object({ Config: z.array(z.object({ Gateway: z.string().optional() })).nullish() }).optional(),
  subnets: z.array(z.object({ gateway: z.string().optional() })).optional(),
});

/** Pure: the address of this machine in a network, from what `network inspect` prints. IPv4 only. */
export function parseNetworkGateway(printed: string): string | undefined {
  const [network] = z.array(printedNetwork).safeParse(JSON.parse(printed)).data ?? [];
  const gateways = [
    ...(network?.IPAM?.Config ?? []).map(({ Gateway }) => Gateway),
    ...(network?.subnets ?? []).map(({ gateway }) => gateway),
  ];
  return gateways.find((gateway) => gateway !== undefined && /^\d+(\.\d+){3}$/.test(gateway));
}
