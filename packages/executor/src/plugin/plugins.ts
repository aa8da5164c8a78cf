import {
  type Container,
  isObject,
  type Json,
  type JsonObject,
  type KubeObject,
} from '@argosy/engine'
import { type Client, parseYaml, resources } from '@argosy/kube'

/** An executor plugin: a server that runs beside the tasks of a workflow. */
export interface Plugin {
  readonly name: string
  readonly container: Container
  readonly port: number
}

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
}

/** The plugins that a workflow brings along; without any, those that its namespace has. */
export async function pluginsOf(workflow: KubeObject, client: Client): Promise<readonly Plugin[]> {
  const own = ownPlugins(workflow as unknown as JsonObject)
  if (own.length > 0) return own.map((plugin) => fromSpec(plugin))
  const { namespace = 'default' } = workflow.metadata
  const { items } = await client.list<ConfigMap>({
    resource: resources.configMaps,
    namespace,
    labelSelector: 'workflows.argoproj.io/configmap-type=ExecutorPlugin',
  })
  return items.map(fromConfigMap)
}

function ownPlugins(workflow: JsonObject): readonly JsonObject[] {
  const { spec, status } = workflow
  const stored = isObject(status) ? status['storedWorkflowTemplateSpec'] : undefined
  for (const place of [spec, stored]) {
    const plugins = isObject(place) ? place['executorPlugins'] : undefined
    if (Array.isArray(plugins) && plugins.length > 0) return plugins.filter(isObject)
  }
  return []
}

function fromSpec(plugin: JsonObject): Plugin {
  const name = inside(plugin, 'metadata', 'name')
  if (typeof name !== 'string' || name === '') {
    throw new Error('executor plugin metadata name is mandatory')
  }
  refuseToken(name, inside(plugin, 'spec', 'sidecar', 'automountServiceAccountToken') === true)
  return pluginFrom(name, inside(plugin, 'spec', 'sidecar', 'container'))
}

function fromConfigMap({ metadata, data }: ConfigMap): Plugin {
  const name = (metadata.name ?? '').replace(/-executor-plugin$/, '')
  refuseToken(name, data?.['sidecar.automountServiceAccountToken'] === 'true')
  const read = parseYaml(data?.['sidecar.container'] ?? '')
  if ('problem' in read) throw new Error(`executor plugin ${name}: ${read.problem}`)
  return pluginFrom(name, read.value)
}

function refuseToken(name: string, wanted: boolean): void {
  if (!wanted) return
  const why = 'no service account token is mounted yet'
  throw new Error(
    `executor plugin ${name}: sidecar.automountServiceAccountToken is not supported: ${why}`,
  )
}

function pluginFrom(name: string, container: Json | undefined): Plugin {
  const ports = isObject(container) ? container['ports'] : undefined
  const first = Array.isArray(ports) ? ports[0] : undefined
  const port = isObject(first) ? first['containerPort'] : undefined
  if (!isObject(container) || typeof port !== 'number') {
    throw new Error(`executor plugin ${name}: sidecar is invalid: at least one port is mandatory`)
  }
  return { name, port, container: { name, ...container } as Container }
}

function inside(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((at, name) => (isObject(at) ? at[name] : undefined), value)
}
