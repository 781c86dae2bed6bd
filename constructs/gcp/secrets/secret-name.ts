/** What is wrong with the name of a secret; Secret Manager API, secretId. A dot passes the provider and not the API. */
export function secretNameProblem(name: string): string | false {
  return (
    !name.includes('${') &&
    !/^[A-Za-z0-9_-]{1,255}$/.test(name) &&
    `"${name}" is not the name of a secret: 1 to 255 letters, digits, hyphens and underscores`
  );
}
