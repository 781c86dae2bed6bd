/** Where Cloud Storage answers: to requests about objects, and to uploads. */
export interface StorageEndpoint {
  /** `https://storage.googleapis.com/storage/v1`. */
  readonly api: string;
  /** `https://storage.googleapis.com/upload/storage/v1`. */
  readonly upload: string;
}

/** Pure: as gcloud has it: CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE, with or without the version behind the host. */
export function storageEndpoint(environment: Readonly<Record<string, string | undefined>>): StorageEndpoint {
  const override = environment['CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE'];
  const base = override === undefined || override === '' ? 'https://storage.googleapis.com' : override;
  const host = base.replace(/\/+$/, '').replace(/\/storage\/v1$/, '');
  return { api: `${host}/storage/v1`, upload: `${host}/upload/storage/v1` };
}
