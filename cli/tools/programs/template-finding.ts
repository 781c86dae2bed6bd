import * as z from 'zod';

/** What CloudFormation Validate has to say about a template. */
export interface TemplateFinding {
  /** Such as `E3012`. */
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** Of the resource, where it is about one. */
  readonly logicalId?: string | undefined;
  /** Such as `Properties.Port`. */
  readonly property?: string | undefined;
  readonly fix?: string | undefined;
}

const diagnostic = z
  .object({
    ruleId: z.string(),
    severity: z.string(),
    message: z.string(),
    entity: z.object({ logicalId: z.string(), entityType: z.string() }).optional(),
    propertyPath: z.string().optional(),
    suggestedFix: z.string().optional(),
  })
  .transform(({ ruleId, severity, message, entity, propertyPath, suggestedFix }): TemplateFinding => {
    return {
      rule: ruleId,
      // FATAL is a template that cannot be read at all.
      severity: severity === 'ERROR' || severity === 'FATAL' ? 'error' : 'warning',
      message,
      logicalId: entity?.entityType === 'Resource' ? entity.logicalId : undefined,
      property: propertyPath,
      fix: suggestedFix,
    };
  });

/** What `bin/validate-aws` writes: findings by the path of the template. */
export const validatorOutput = z.object({ version: z.string(), findings: z.record(z.string(), z.array(diagnostic)) });
