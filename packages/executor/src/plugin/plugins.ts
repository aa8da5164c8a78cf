import {
  type Container,
  isObject,
  type Json,
  type JsonObject,
  type KubeObject,
} from '@argosy/engine'
import { type Client, ignore, parseYaml, resources } from '@argosy/kube'

/** An executor plugin: a server that runs beside the tasks of a workflow. */
export interface Plugin {
  readonly name: string
  readonly container: Container
  readonly port: number
  /** It may speak to the API, as the ServiceAccount that is called after it. */
  readonly hasToken: boolean
}

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
}

/** Where upstream's installations have their controller; its plugins are for every namespace. */
const controllerNamespace = 'argo'

/** The plugins that a workflow brings along; without any, those of its namespace and of the controller's. */
export async function pluginsOf(workflow: KubeObject, client: Client): Promise<readonly Plugin[]> {
  const own = ownPlugins(workflow as unknown as JsonObject)
  if (own.length > 0) return own.map((plugin) => fromSpec(plugin))
  const { namespace = 'default' } = workflow.metadata
  const near = await pluginsIn(namespace, client)
  if (namespace === controllerNamespace) return near
  const names = new Set(near.map(({ name }) => name))
  // A step may not be let into that namespace.
  const far = await pluginsIn(controllerNamespace, client).catch(ignore('Forbidden'))
  return [...near, ...(far ?? []).filter(({ name }) => !names.has(name))]
}

async function pluginsIn(namespace: string, client: Client): Promise<readonly Plugin[]> {
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
  const hasToken = inside(plugin, 'spec', 'sidecar', 'automountServiceAccountToken') === true
  return pluginFrom(name, inside(plugin, 'spec', 'sidecar', 'container'), hasToken)
}

function fromConfigMap({ metadata, data }: ConfigMap): Plugin {
  const name = (metadata.name ?? '').replace(/-executor-plugin$/, '')
  const hasToken = data?.['sidecar.automountServiceAccountToken'] === 'true'
  const read = parseYaml(data?.['sidecar.container'] ?? '')
  if ('problem' in read) throw new Error(`executor plugin ${name}: ${read.problem}`)
  return pluginFrom(name, read.value, hasToken)
}

function pluginFrom(name: string, container: Json | undefined, hasToken: boolean): Plugin {
  const ports = isObject(container) ? container['ports'] : undefined
  const first = Array.isArray(ports) ? ports[0] : undefined
  const port = isObject(first) ? first['containerPort'] : undefined
  if (!isObject(container) || typeof port !== 'number') {
    throw new Error(`executor plugin ${name}: sidecar is invalid: at least one port is mandatory`)
  }
  return { name, port, hasToken, container: { name, ...container } as Container }
}

function inside(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((at, name) => (isObject(at) ? at[name] : undefined), value)
}
