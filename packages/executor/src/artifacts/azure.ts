import type { Artifact } from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import { type AzurePlace, azureStore } from './azure-store.ts'
import type { Driver } from './driver.ts'
import { objectDriver } from './object-driver.ts'
import { type Secrets, secretText } from './secrets.ts'
import { neededText, objectOf, refuseFields } from './settings.ts'

/** Artifacts in Azure Blob Storage, through its REST interface. */
export function azureDriver(secrets: Secrets): Driver {
  return objectDriver('azure', async (artifact) => azureStore(await placeOf(artifact, secrets)))
}

async function placeOf(artifact: Artifact, secrets: Secrets): Promise<AzurePlace> {
  const place = objectOf(artifact.azure)
  refuseFields(place, 'azure', { useSDKCreds: 'name an accountKeySecret (a key or a SAS token)' })
  const endpoint = neededText(place, 'endpoint', 'azure').replace(/\/+$/, '')
  const url = `${endpoint}/${neededText(place, 'container', 'azure')}`
  const key = await secretText(secrets, place['accountKeySecret'], 'azure.accountKeySecret')
  if (!key) throw new StatusError('Invalid', 'azure.accountKeySecret is missing')
  // argo: isSASAccountKey. A token is a query, a key is base64 alone.
  if (/[?&][^=]+=[^&]+/.test(key)) return { url, token: key.trim().replace(/^\?/, '') }
  return { url, account: accountOf(url), key: key.trim() }
}

// argo: determineAccountName. An emulator has the account in its path.
function accountOf(url: string): string {
  const { hostname, pathname } = new URL(url)
  if (!/^(?:127\.0\.0\.1|localhost)/.test(hostname)) return hostname.split('.')[0] ?? ''
  const [, account = '', container] = pathname.split('/')
  if (container !== undefined) return account
  throw new StatusError('Invalid', `unable to determine storage account name from ${url}`)
}
