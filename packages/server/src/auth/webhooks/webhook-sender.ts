import { isObject, type KubeObject } from '@argosy/engine'
import { type Client, parseYaml, resources } from '@argosy/kube'
import { ApiError } from '../../http/api-error.ts'
import { accountIdentity } from '../account-identity.ts'
import type { Identity } from '../identity.ts'
import { type Delivery, isSigned, isWebhookType, type WebhookClient } from './is-signed.ts'

/** In the namespace of the events: the name of a ServiceAccount, and what its sender is known by. */
const secretName = 'argo-workflows-webhook-clients'

interface Secret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
}

export interface WebhookDoor {
  readonly client: Client
  /** Whether somebody without a token may come in by another door: then a namespace need not have clients. */
  readonly open: boolean
  readonly log: (line: string) => void
}

/**
 * As whom an event acts that came without a token: the ServiceAccount whose webhook client signed it; undefined when none
 * did. What goes wrong on the way is told to the log only: a stranger could learn from it. argo: webhook.Interceptor.
 */
export async function webhookSender(
  namespace: string,
  delivery: () => Promise<Delivery>,
  { client, open, log }: WebhookDoor,
): Promise<Identity | undefined> {
  try {
    const secret = await client.get<Secret>({
      ...{ resource: resources.secrets, namespace, name: secretName },
    })
    if (!secret && open) return undefined
    if (!secret) throw new Error(`there is no secret ${secretName}`)
    const clients = Object.entries(secret.data ?? {}).map(
      ([account, data]) => [account, clientIn(account, data)] as const,
    )
    const given = await delivery()
    const [account] = clients.find(([, one]) => isSigned(one, given)) ?? []
    if (account === undefined) return undefined
    const place = { resource: resources.serviceAccounts, namespace, name: account }
    if (!(await client.get(place))) throw new Error(`there is no service account ${account}`)
    return accountIdentity({ namespace, name: account })
  } catch (error) {
    log(`webhook in ${namespace}: ${error instanceof Error ? error.message : String(error)}`)
    throw new ApiError('PermissionDenied', 'failed to process webhook request')
  }
}

function clientIn(account: string, data: string): WebhookClient {
  const parsed = parseYaml(Buffer.from(data, 'base64').toString('utf8'))
  const { type, secret } = 'value' in parsed && isObject(parsed.value) ? parsed.value : {}
  const where = `${secretName}, ${account}`
  if (!isWebhookType(type)) {
    throw new Error(`${where}: type must be github, gitlab, bitbucket or bitbucketserver`)
  }
  if (typeof secret !== 'string' || secret === '') throw new Error(`${where}: it has no secret`)
  return { type, secret }
}
