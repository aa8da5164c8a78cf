import type { AccessWish, Resource } from '@argosy/kube'
import type { Connection } from '@argosy/kube/remote'

/** What is asked for, in Kubernetes' words. */
export interface WorkedOutWish extends AccessWish {
  /** When the words were Argo's. */
  readonly hint?: string
}

export interface AskedFor {
  readonly verb: string
  /** As `workflows`, `wf`, `pods/log`, `deployments.apps`. */
  readonly resource: string
  readonly name?: string | undefined
  readonly namespace: string
}

const operations = ['suspend', 'resume', 'stop', 'terminate', 'set', 'retry']

/** Argo's own verbs, and what its server asks Kubernetes for. */
const verbs: Readonly<Record<string, string>> = {
  submit: 'create',
  resubmit: 'create',
  lint: 'get',
  ...Object.fromEntries(operations.map((name) => [name, 'update'])),
}

interface ResourceList {
  readonly groupVersion: string
  readonly resources?: readonly ServedResource[]
}

interface ServedResource {
  readonly name: string
  readonly singularName?: string
  readonly shortNames?: readonly string[]
  readonly namespaced: boolean
  readonly kind: string
}

/** Finds the resource among those that the server has; throws an Error for one that it does not. */
export async function accessWish(connection: Connection, asked: AskedFor): Promise<WorkedOutWish> {
  const isLogs = asked.verb === 'logs'
  const [type = '', part] = (isLogs ? 'pods/log' : asked.resource).split('/')
  const verb = isLogs ? 'get' : (verbs[asked.verb] ?? asked.verb)
  const { group, version, plural, namespaced } = await served(connection, type)
  const { name, namespace } = asked
  return {
    ...{ verb, group, version, resource: plural },
    ...(part && { subresource: part }),
    ...(namespaced && namespace && { namespace }),
    ...(name && { name }),
    ...(verb !== asked.verb && {
      hint: `to ${asked.verb} is to ${verb} ${plural}${part ? `/${part}` : ''}`,
    }),
  }
}

async function served(connection: Connection, text: string): Promise<Resource> {
  const [type = '', ...rest] = text.toLowerCase().split('.')
  const group = rest.join('.')
  for (const path of await listPaths(connection)) {
    const { groupVersion, resources = [] } = await connection.ask<ResourceList>(path)
    const [own = '', version = own] = groupVersion.includes('/')
      ? groupVersion.split('/')
      : ['', groupVersion]
    if (group !== '' && group !== own) continue
    const found = resources.find((one) => isCalled(one, type))
    if (!found) continue
    const { name: plural, kind, namespaced } = found
    return { group: own, version, kind, plural, namespaced }
  }
  throw new Error(`the server has no resource ${JSON.stringify(text)}`)
}

/** Argo's first: its words are the ones that are meant here. */
async function listPaths(connection: Connection): Promise<readonly string[]> {
  const { groups } = await connection.ask<{
    readonly groups: readonly { readonly preferredVersion: { readonly groupVersion: string } }[]
  }>('/apis')
  const paths = groups.map(({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`)
  const isArgo = (path: string) => path.startsWith('/apis/argoproj.io/')
  return [...paths.filter(isArgo), '/api/v1', ...paths.filter((path) => !isArgo(path))]
}

function isCalled({ name, singularName, shortNames = [], kind }: ServedResource, type: string) {
  return [name, singularName, kind.toLowerCase(), ...shortNames].includes(type)
}
