import { describe, expect, test } from 'vitest';
import { ImageRepository, type ImageRepositoryProps } from '../../../../constructs/aws/index.js';
import { keyArn, surroundings, synthesizedStack } from '../../../support/synthesized-stack.js';

const repository = (props: ImageRepositoryProps = {}) =>
  synthesizedStack((stack) => {
    new ImageRepository(stack, 'Registry', { encryptionKey: surroundings(stack).encryptionKey, ...props });
  });

describe('with nothing but a key', () => {
  const made = repository();

  test('is kept under a fixed logical id, wherever it is in the code', () => {
    expect(made.resources['Registry']).toMatchObject({
      Type: 'AWS::ECR::Repository',
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('has tags that do not move, scans and encrypts (CKV_AWS_51, CKV_AWS_163, CKV_AWS_136)', () => {
    expect(made.only('AWS::ECR::Repository')).toMatchObject({
      ImageTagMutability: 'IMMUTABLE',
      ImageScanningConfiguration: { ScanOnPush: true },
      EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: keyArn },
    });
  });

  test('keeps 50 images, and those without a tag for a week', () => {
    const policy = made.only('AWS::ECR::Repository')['LifecyclePolicy'] as { LifecyclePolicyText: string };
    expect(JSON.parse(policy.LifecyclePolicyText)).toMatchObject({
      rules: [
        { selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countNumber: 7, countUnit: 'days' } },
        { selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 50 } },
      ],
    });
  });

  test('has nothing that cdk-nag finds', () => {
    expect(made.findings).toEqual([]);
    expect(made.acknowledged).toEqual([]);
  });
});

test('takes another logical id', () => {
  expect(Object.keys(repository({ logicalId: 'Images' }).resources)).toEqual(['Images']);
});

test.each<[ImageRepositoryProps, string]>([
  [{ keepImages: 1 }, 'keepImages is 1; a rollback needs at least 2'],
  [{ logicalId: 'my-images' }, 'logicalId "my-images" is not 1 to 255 letters and digits'],
])('%j is refused, by the path of the construct', (props, message) => {
  expect(() => repository(props)).toThrow(`Test/Registry: ${message}`);
});
