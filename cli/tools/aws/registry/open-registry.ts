import { AgentctlError } from '../../../errors.js';
import type { RegistryLogin } from '../../images/image-world.js';
import type { AwsToolsOptions } from '../aws-tools.js';
import type { AwsClients } from '../clients/aws-clients.js';
import { awsErrorName } from '../clients/aws-failure.js';
import { isoTime } from '../clients/iso-time.js';
import { allPages, chunked } from '../clients/pages.js';
import type { RegistryTools } from './registry-tools.js';

/** A push may take this long after it was asked for its login. */
const spareMilliseconds = 3_600_000;
/** API reference, BatchDeleteImage: "up to 100". */
const deletedAtOnce = 100;

/** Opens {@link RegistryTools}. */
export function openRegistry(clients: AwsClients, { mask = () => undefined }: AwsToolsOptions): RegistryTools {
  let known: { readonly login: RegistryLogin; readonly expiresAt: number } | undefined;
  return {
    async login(abortSignal) {
      if (known !== undefined && known.expiresAt - Date.now() > spareMilliseconds) return known.login;
      const ecr = await clients.ecr();
      const { authorizationData: [data] = [] } = await ecr.getAuthorizationToken({}, { abortSignal });
      const { authorizationToken: token = '', proxyEndpoint: endpoint = '', expiresAt } = data ?? {};
      mask([token]);
      const login = loginIn(token, endpoint);
      mask([login.password]);
      known = { login, expiresAt: expiresAt?.getTime() ?? 0 };
      return login;
    },
    async repository(name, abortSignal) {
      const ecr = await clients.ecr();
      return await unlessMissing(async () => {
        const { repositories = [] } = await ecr.describeRepositories({ repositoryNames: [name] }, { abortSignal });
        return repositories[0]?.repositoryUri;
      });
    },
    async images(repositoryName, abortSignal) {
      const ecr = await clients.ecr();
      const images = await unlessMissing(
        async () =>
          await allPages(async (nextToken) => {
            const page = await ecr.describeImages({ repositoryName, nextToken }, { abortSignal });
            return { items: page.imageDetails ?? [], next: page.nextToken };
          }),
      );
      return (images ?? [])
        .toSorted((a, b) => (b.imagePushedAt?.getTime() ?? 0) - (a.imagePushedAt?.getTime() ?? 0))
        .map((image) => ({
          digest: image.imageDigest ?? '',
          tags: image.imageTags ?? [],
          pushedAt: isoTime(image.imagePushedAt),
          bytes: image.imageSizeInBytes ?? 0,
        }));
    },
    async removeImages(repositoryName, digests, abortSignal) {
      const ecr = await clients.ecr();
      for (const some of chunked(digests, deletedAtOnce)) {
        const imageIds = some.map((imageDigest) => ({ imageDigest }));
        await unlessMissing(async () => await ecr.batchDeleteImage({ repositoryName, imageIds }, { abortSignal }));
      }
    },
  };
}

/** Pure: what ECR hands out, `base64(user:password)` for a URL. @throws AgentctlError when it is something else */
export function loginIn(token: string, endpoint: string): RegistryLogin {
  const text = Buffer.from(token, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const registry = URL.canParse(endpoint) ? new URL(endpoint).host : '';
  if (colon <= 0 || registry === '') {
    throw new AgentctlError('ToolFailed', `ECR gave no login for ${endpoint === '' ? 'its registry' : endpoint}`, {
      fix: 'run it again',
      retryable: true,
    });
  }
  return { registry, username: text.slice(0, colon), password: text.slice(colon + 1) };
}

async function unlessMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (awsErrorName(error) === 'RepositoryNotFoundException') return undefined;
    throw error;
  }
}
