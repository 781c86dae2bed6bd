/** What is wrong with the name of a service, worker pool or job; Cloud Run, "Deploying": fewer than 50 characters. */
export function serviceNameProblem(name: string, prop: string): string | false {
  return (
    !/^[a-z](?:[a-z0-9-]{0,47}[a-z0-9])?$/.test(name) &&
    `${prop} "${name}" is not 1 to 49 lower-case letters, digits and hyphens`
  );
}

/** What is wrong with what a revision is called; with the service before it, it is a DNS label. */
export function revisionProblem(serviceName: string, suffix: string | undefined): string | false {
  if (suffix === undefined) return false;
  const name = `${serviceName}-${suffix}`;
  return (
    (!/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(suffix) || name.length > 63) &&
    `revisionSuffix "${suffix}" does not make a name of up to 63 lower-case letters, digits and hyphens`
  );
}
