/** Everywhere a spec can be deployed to, in the order of the documentation. */
export const targetKinds = ['aws', 'gcp', 'azure', 'kubernetes', 'local'] as const;

/** Where a spec is deployed to. */
export type TargetKind = (typeof targetKinds)[number];

/** A target as people write its name. */
export const targetTitles: Readonly<Record<TargetKind, string>> = {
  aws: 'AWS',
  gcp: 'Google Cloud',
  azure: 'Azure',
  kubernetes: 'Kubernetes',
  local: 'this machine',
};
