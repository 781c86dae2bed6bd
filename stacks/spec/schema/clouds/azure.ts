import * as z from 'zod';
import { flag, oneOf, patternedText, text } from '../text.js';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Settings of the Azure target, in Azure’s words. */
export const azureSchema = z.strictObject({
  subscription: patternedText(uuid, 'a subscription id such as 00000000-0000-0000-0000-000000000000').meta({
    description: 'Subscription id.',
  }),
  location: text('an Azure location such as eastus').meta({ description: 'Location, such as `eastus`.' }),
  resourceGroup: patternedText(/^[-\w.()]{1,89}[-\w()]$/, 'a resource group name')
    .optional()
    .meta({ description: 'An existing resource group. Default: a group of its own.' }),
  compute: oneOf(['container-apps', 'aci']).prefault('container-apps').meta({
    description:
      '`container-apps`: autoscaling, revisions and schedules. `aci`: container groups behind Application Gateway, with a fixed number of replicas.',
  }),
  registryName: patternedText(/^[a-zA-Z0-9]{5,50}$/, 'a registry name of 5 to 50 letters and digits, no hyphens')
    .optional()
    .meta({ description: 'Name of the container registry (unique in all of Azure). Default: derived from `name`.' }),
  keyVaultName: patternedText(
    /^(?=.{3,24}$)[a-zA-Z](?:-?[a-zA-Z0-9])*$/,
    'a Key Vault name of 3 to 24 letters, digits and single hyphens, beginning with a letter',
  )
    .optional()
    .meta({ description: 'Name of the Key Vault (unique in all of Azure). Default: derived from `name`.' }),
  storageAccountName: patternedText(
    /^[a-z0-9]{3,24}$/,
    'a storage account name of 3 to 24 lower-case letters and digits, no hyphens',
  )
    .optional()
    .meta({ description: 'Name of the storage account (unique in all of Azure). Default: derived from `name`.' }),
  dnsZone: text('the name of a DNS zone')
    .optional()
    .meta({ description: 'Azure DNS zone that holds `domain.name`; lets agentctl create the record.' }),
  postgres: z
    .strictObject({
      skuName: patternedText(/^[A-Za-z0-9_]+$/, 'a SKU such as GP_Standard_D2s_v3 or Standard_D2s_v3')
        .optional()
        .meta({ description: 'Flexible Server SKU, instead of `postgres.size`.' }),
      geoRedundantBackup: flag()
        .prefault(false)
        .meta({ description: 'Keep backups in the paired region too. Can only be set when the server is created.' }),
    })
    .prefault({})
    .meta({ description: 'Native settings of the database.' }),
  search: z
    .strictObject({
      vmSize: patternedText(/^Standard_[A-Za-z0-9_]+$/, 'a VM size such as Standard_D4s_v5')
        .optional()
        .meta({ description: 'VM size, instead of `search.size`.' }),
    })
    .prefault({})
    .meta({ description: 'Native settings of the search nodes.' }),
});

/** Settings of the Azure target. */
export type AzureSpec = z.output<typeof azureSchema>;
