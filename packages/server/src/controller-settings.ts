import { isObject, type Json, type JsonObject, type KubeObject } from '@argosy/engine'
import { type Client, parseYaml, resources } from '@argosy/kube'

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
}

/** What `workflow-controller-configmap` says: a key each, or all of them below `config`. */
export async function controllerSettings(client: Client, signal: AbortSignal): Promise<JsonObject> {
  const [namespace, name] = ['argo', 'workflow-controller-configmap']
  const found = await client.get<ConfigMap>(
    { resource: resources.configMaps, namespace, name },
    signal,
  )
  const { config, ...own } = found?.data ?? {}
  const whole = read(config)
  const keys = Object.entries(own).map(([key, text]) => [key, read(text)] as const)
  return { ...(isObject(whole) ? whole : {}), ...Object.fromEntries(keys) }
}

function read(text: string | undefined): Json {
  const parsed = parseYaml(text ?? '')
  return 'value' in parsed ? (parsed.value ?? null) : null
}
