import type { KubeObject, Volume, VolumeMount } from '@argosy/engine'
import { type Client, resources } from '@argosy/kube'
import type { Plugin } from './plugins.ts'

interface Account extends KubeObject {
  readonly secrets?: readonly { readonly name?: string }[]
}

/** Where programs look for the token with which they speak to the API. */
const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount'

/** The token of a plugin's own ServiceAccount, as a volume; other plugins and the step do not see it. */
export interface PluginToken {
  readonly volume: Volume
  readonly mount: VolumeMount
}

/** The tokens of the plugins that want one, by their names; throws when one is missing. argo: getServiceAccountTokenVolume. */
export async function pluginTokens(
  plugins: readonly Plugin[],
  namespace: string,
  client: Client,
): Promise<ReadonlyMap<string, PluginToken>> {
  const wanted = plugins.filter(({ hasToken }) => hasToken)
  const found = wanted.map(async ({ name }) => {
    const secretName = await tokenSecret(name, namespace, client)
    const volume = `kube-api-access-${name}`
    const mount = { name: volume, mountPath, readOnly: true }
    return [name, { mount, volume: { name: volume, secret: { secretName } } }] as const
  })
  return new Map(await Promise.all(found))
}

async function tokenSecret(plugin: string, namespace: string, client: Client): Promise<string> {
  const name = `${plugin}-executor-plugin`
  const ref = { resource: resources.serviceAccounts, namespace, name }
  const account = await client.get<Account>(ref)
  if (!account) throw missing(plugin, `serviceaccounts "${name}" not found`)
  const secret = secretOf(account, name)
  const has = await client.get({ resource: resources.secrets, namespace, name: secret })
  if (has) return secret
  const what = `of type kubernetes.io/service-account-token for service account "${name}"`
  throw missing(plugin, `secrets "${secret}" not found; create one ${what}`)
}

/** argo: TokenNameForServiceAccount. */
function secretOf({ secrets, metadata }: Account, account: string): string {
  const annotation = metadata.annotations?.['workflows.argoproj.io/service-account-token.name']
  return secrets?.[0]?.name ?? annotation ?? `${account}.service-account-token`
}

function missing(plugin: string, why: string): Error {
  return new Error(`executor plugin ${plugin}: failed to get token volumes: ${why}`)
}
