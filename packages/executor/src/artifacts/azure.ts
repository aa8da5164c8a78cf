import type { Artifact } from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import type { Token } from './access-token.ts'
import { type AzurePlace, azureStore } from './azure-store.ts'
import { type AzureWorld, azureToken, azureWorld } from './azure-token.ts'
import type { Driver } from './driver.ts'
import type { Reach } from './http-auth.ts'
import { objectDriver } from './object-driver.ts'
import { secretText } from './secrets.ts'
import { isOn, neededText, objectOf } from './settings.ts'

/** Artifacts in Azure Blob Storage, through its REST interface. */
export function azureDriver(reach: Reach, world: AzureWorld = azureWorld): Driver {
  const { secrets, lookup } = reach
  const known = { secrets, bearer: azureToken(world) }
  return objectDriver('azure', async (artifact) => {
    const place = await placeOf(artifact, known)
    // Who shows who this machine is asks nobody but Azure.
    return azureStore({ ...place, ...(lookup && !('bearer' in place) && { lookup }) })
  })
}

interface Known {
  readonly secrets: Reach['secrets']
  /** Who this machine is. */
  readonly bearer: Token
}

async function placeOf(artifact: Artifact, { secrets, bearer }: Known): Promise<AzurePlace> {
  const place = objectOf(artifact.azure)
  const endpoint = neededText(place, 'endpoint', 'azure').replace(/\/+$/, '')
  const url = `${endpoint}/${neededText(place, 'container', 'azure')}`
  // argo: it goes before a key.
  if (isOn(place, 'useSDKCreds')) return { url: ownHost(url), bearer }
  const key = await secretText(secrets, place['accountKeySecret'], 'azure.accountKeySecret')
  if (!key) throw new StatusError('Invalid', 'azure.accountKeySecret is missing')
  // argo: isSASAccountKey. A token is a query, a key is base64 alone.
  if (/[?&][^=]+=[^&]+/.test(key)) return { url, token: key.trim().replace(/^\?/, '') }
  return { url, account: accountOf(url), key: key.trim() }
}

const azureHosts =
  /\.(?:blob|dfs)\.(?:core\.(?:windows\.net|chinacloudapi\.cn|usgovcloudapi\.net)|storage\.azure\.net)$/

/** Who has such a token may act as this machine: a workflow's author does not choose to whom it is shown. */
function ownHost(url: string): string {
  const { protocol, hostname } = new URL(url)
  if (protocol === 'https:' && azureHosts.test(hostname)) return url
  if (/^(?:127\.[\d.]+|localhost|\[::1\])$/.test(hostname)) return url
  const words = `azure.endpoint: with useSDKCreds it must be https and one of Azure's own, not ${url}`
  throw new StatusError('Invalid', words)
}

// argo: determineAccountName. An emulator has the account in its path.
function accountOf(url: string): string {
  const { hostname, pathname } = new URL(url)
  if (!/^(?:127\.0\.0\.1|localhost)/.test(hostname)) return hostname.split('.')[0] ?? ''
  const [, account = '', container] = pathname.split('/')
  if (container !== undefined) return account
  throw new StatusError('Invalid', `unable to determine storage account name from ${url}`)
}
