import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { parseYaml } from '@argosy/kube'
import { yamlText } from '../text/objects.ts'
import { readText } from './read-text.ts'

/** Writes the ConfigMap of a plugin, and how to install it, beside it; resolves to both paths. argo: executor-plugin build. */
export async function buildPlugin(directory: string): Promise<readonly string[]> {
  const plugin = await readPlugin(directory)
  const map = configMapOf(plugin)
  const { name } = map.metadata
  const path = join(directory, `${name}-configmap.yaml`)
  const readme = join(directory, 'README.md')
  await refuseOthers(readme)
  await writeFile(path, `# ${generated}\n${yamlText(map)}`)
  await writeFile(readme, readmeOf(plugin, name))
  return [path, readme]
}

const generated = 'Made by `executor-plugin build`: change plugin.yaml instead.'

/** What upstream's command says of its own. */
const generatedByArgo = 'auto-generated'

/** A page that somebody wrote is not made again. */
async function refuseOthers(readme: string): Promise<void> {
  const text = await readFile(readme, 'utf8').catch(() => '')
  if (text === '' || text.includes(generated) || text.includes(generatedByArgo)) return
  throw new Error(
    `${readme} is not of this command's making, and would be lost: give it another name`,
  )
}

interface Plugin {
  readonly name: string
  readonly namespace: string | undefined
  readonly labels: JsonObject
  readonly annotations: JsonObject
  readonly automountServiceAccountToken: boolean
  readonly container: JsonObject
}

const isName = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/

async function readPlugin(directory: string): Promise<Plugin> {
  const file = join(directory, 'plugin.yaml')
  const text = await readText(file).catch((error: Error) => {
    throw new Error(`${file}: ${error.message}`, { cause: error })
  })
  const read = parseYaml(text)
  if ('problem' in read) throw new Error(`${file}: ${read.problem}`)
  const whole = objectIn(read.value, file)
  if (whole['kind'] !== 'ExecutorPlugin') throw new Error(`${file}: kind: expected ExecutorPlugin`)
  const metadata = objectIn(whole['metadata'], `${file}: metadata`)
  const { name, namespace } = metadata
  if (typeof name !== 'string' || name === '') throw new Error(`${file}: metadata.name is missing`)
  if (!isName.test(name)) {
    throw new Error(
      `${file}: metadata.name: ${name} is no name: lower case letters, digits, - and .`,
    )
  }
  const spec = objectIn(whole['spec'], `${file}: spec`)
  const sidecar = objectIn(spec['sidecar'], `${file}: spec.sidecar`)
  const container = objectIn(sidecar['container'], `${file}: spec.sidecar.container`)
  const code = await serverOf(directory)
  const plugin = {
    ...{ name, namespace: typeof namespace === 'string' ? namespace : undefined },
    ...{ labels: mapIn(metadata['labels']), annotations: mapIn(metadata['annotations']) },
    automountServiceAccountToken: sidecar['automountServiceAccountToken'] === true,
    container: code === undefined ? container : { ...container, args: [code] },
  }
  const problem = problemOf(plugin.container)
  if (problem !== undefined) throw new Error(`${file}: sidecar is invalid: ${problem}`)
  return plugin
}

function objectIn(value: Json | undefined, where: string): JsonObject {
  if (isObject(value)) return value
  throw new Error(`${where}: expected an object`)
}

function mapIn(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

/** The text of `server.*`, if there is one. */
async function serverOf(directory: string): Promise<string | undefined> {
  const found = (await readdir(directory)).filter((name) => name.startsWith('server.'))
  const [only] = found
  if (found.length > 1)
    throw new Error(`${directory}: more than one server.* file: ${found.sort()}`)
  return only && readFile(join(directory, only), 'utf8')
}

/** argo: Sidecar.Validate. */
function problemOf({ ports, resources, securityContext }: JsonObject): string | undefined {
  if (!Array.isArray(ports) || ports.length === 0) return 'at least one port is mandatory'
  const { limits, requests } = mapIn(resources)
  if (!isObject(limits)) return 'resource limits are mandatory'
  if (!isObject(requests)) return 'resource requests are mandatory'
  return isObject(securityContext) ? undefined : 'security context is mandatory'
}

function configMapOf({ name, namespace, labels, annotations, ...plugin }: Plugin) {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: `${name}-executor-plugin`,
      ...(namespace !== undefined && { namespace }),
      annotations,
      labels: { 'workflows.argoproj.io/configmap-type': 'ExecutorPlugin', ...labels },
    },
    data: {
      'sidecar.automountServiceAccountToken': String(plugin.automountServiceAccountToken),
      'sidecar.container': yamlText(plugin.container),
    },
  }
}

function readmeOf({ name, annotations, container }: Plugin, map: string): string {
  const text = (key: string) => annotations[`workflows.argoproj.io/${key}`] ?? ''
  return `<!-- ${generated} -->
# ${name}

${text('description')}

| | |
|---|---|
| image | ${container['image'] ?? ''} |
| needs Argo Workflows | ${text('version')} |

It is there after \`kubectl apply -f ${map}-configmap.yaml\`, and gone after \`kubectl delete cm ${map}\`.
`
}
