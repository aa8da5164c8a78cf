import { isObject, type JsonObject, type KubeObject } from '@argosy/engine'
import { type Client, ignore, resources } from '@argosy/kube'
import type { Change } from '../../store/feed.ts'
import type { Store } from '../../store/store.ts'
import type { Guard } from '../http/world.ts'
import { flawOf } from '../parts/schema/flaw.ts'
import { invalid } from '../refusals.ts'
import type { AccountTokens } from './account-tokens.ts'

const type = 'kubernetes.io/service-account-token'
const nameKey = 'kubernetes.io/service-account.name'
const uidKey = 'kubernetes.io/service-account.uid'

interface KeeperOptions {
  readonly store: Store
  readonly client: Client
  readonly tokens: AccountTokens
  readonly ca: string
  readonly log: (line: string) => void
}

/** Fills Secrets that are to hold an account's token, and removes them when the account goes. */
export function keepTokenSecrets(options: KeeperOptions): void {
  const { store, log } = options
  // A commit may bring many changes, and each of ours another one: one pass at a time sees them all.
  let pending = false
  let running = false
  const run = async () => {
    if (running) return
    running = true
    while (pending && !store.closed) {
      pending = false
      await pass(options).catch((error: unknown) => log(`tokens in secrets: ${String(error)}`))
    }
    running = false
  }
  const ask = () => {
    if (pending) return
    pending = true
    setImmediate(() => void run())
  }
  ask()
  store.listen((changes) => {
    if (changes.some(concerns)) ask()
  })
}

/** New and changed Secrets of the type, and accounts that go. */
function concerns({ type: change, version }: Change): boolean {
  const { collection } = version.key
  if (collection === 'serviceaccounts') return change === 'DELETED'
  return collection === 'secrets' && change !== 'DELETED' && isOfType(version.value)
}

async function pass({ store, client, tokens, ca }: KeeperOptions): Promise<void> {
  for (const { value, key } of store.list('secrets')) {
    if (!isOfType(value)) continue
    const { namespace, name } = key
    const place = { resource: resources.secrets, namespace, name }
    const account = accountOf(value, store)
    if (!account) {
      const { uid } = value.metadata
      await client.remove(place, { ...(uid && { uid }) }).catch(ignore('NotFound', 'Conflict'))
    } else if (!isFull(value)) {
      const token = await tokens.issueForSecret(account, name)
      const data = { token, 'ca.crt': ca, namespace }
      const body = {
        metadata: { annotations: { [uidKey]: account.uid } },
        data: Object.fromEntries(
          Object.entries(data).map(([field, text]) => [field, base64(text)]),
        ),
      }
      await client.patch(place, { type: 'merge', body }).catch(ignore('NotFound'))
    }
  }
}

function isOfType(secret: KubeObject): boolean {
  return (secret as unknown as JsonObject)['type'] === type
}

function isFull(secret: KubeObject): boolean {
  const { data } = secret as unknown as JsonObject
  return isObject(data) && ['token', 'ca.crt', 'namespace'].every((name) => Boolean(data[name]))
}

/** The account that a Secret is for; undefined when it is gone, or another one has its name. */
function accountOf(secret: KubeObject, store: Store) {
  const { annotations = {}, namespace = '' } = secret.metadata
  const name = annotations[nameKey] ?? ''
  const uid = store.get({ collection: 'serviceaccounts', namespace, name })?.metadata.uid
  const wanted = annotations[uidKey]
  if (uid === undefined || (wanted !== undefined && wanted !== uid)) return undefined
  return { namespace, name, uid }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

/** A Secret for a token has to say whose. */
export const guardTokenSecrets: Guard = ({ kind, object }) => {
  if (kind.resource.plural !== 'secrets' || object['type'] !== type) return
  const { name, annotations } = isObject(object['metadata']) ? object['metadata'] : {}
  if (isObject(annotations) && annotations[nameKey]) return
  const field = `metadata.annotations[${nameKey}]`
  throw invalid(kind.resource, String(name ?? ''), [flawOf.required(field, '')])
}
