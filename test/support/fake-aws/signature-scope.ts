import { header, type HttpRequest } from '../cloud/http-message.js';

/** What a signature says about its request. It is not verified: the fake has no secrets to keep. */
export interface SignatureScope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

/** Of the Authorization header, or of a presigned query; undefined for what is not signed. */
export function signatureScope(request: HttpRequest): SignatureScope | undefined {
  const credential =
    /^AWS4-\S+ .*Credential=([^,\s]+)/.exec(header(request, 'authorization') ?? '')?.[1] ??
    request.query.get('X-Amz-Credential') ??
    '';
  const [accessKeyId, , region, service] = credential.split('/');
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
  return { accessKeyId, region, service };
}
