import type { KubeObject } from '@argosy/engine'
import { at, numberAt, objectAt, objectsAt, textAt } from './at.ts'
import { ageOf, columns, conditionOf, nameOf, type Printer } from './printer.ts'
import { quantityAt } from './quantity-text.ts'

const namespace: Printer = {
  columns: columns('Name', 'Status', 'Age'),
  cells: (object, now) => [nameOf(object), textAt(object, 'status', 'phase'), ageOf(object, now)],
}

const node: Printer = {
  columns: columns(
    'Name',
    'Status',
    'Roles',
    'Age',
    'Version',
    '*Internal-IP',
    '*External-IP',
    '*OS-Image',
    '*Kernel-Version',
    '*Container-Runtime',
  ),
  cells: (object, now) => {
    const info = at(object, 'status', 'nodeInfo')
    const known = (member: string) => textAt(info, member) || '<unknown>'
    return [
      nameOf(object),
      nodeStatus(object),
      rolesOf(object),
      ageOf(object, now),
      textAt(info, 'kubeletVersion'),
      addressOf(object, 'InternalIP'),
      addressOf(object, 'ExternalIP'),
      known('osImage'),
      known('kernelVersion'),
      known('containerRuntimeVersion'),
    ]
  },
}

function nodeStatus(object: KubeObject): string {
  const ready = conditionOf(object, 'Ready')
  const word = ready === '' ? 'Unknown' : ready === 'True' ? 'Ready' : 'NotReady'
  return at(object, 'spec', 'unschedulable') === true ? `${word},SchedulingDisabled` : word
}

const rolePrefix = 'node-role.kubernetes.io/'

function rolesOf({ metadata }: KubeObject): string {
  const roles = Object.entries(metadata.labels ?? {}).map(([name, value]) => {
    if (name.startsWith(rolePrefix)) return name.slice(rolePrefix.length)
    return name === 'kubernetes.io/role' ? value : ''
  })
  return [...new Set(roles)].filter(Boolean).sort().join(',') || '<none>'
}

function addressOf(object: KubeObject, type: string): string {
  const found = objectsAt(object, 'status', 'addresses').find((one) => textAt(one, 'type') === type)
  return found === undefined ? '<none>' : textAt(found, 'address')
}

const configMap: Printer = {
  columns: columns('Name', 'Data', 'Age'),
  cells: (object, now) => [
    nameOf(object),
    sizeOf(object, 'data') + sizeOf(object, 'binaryData'),
    ageOf(object, now),
  ],
}

function sizeOf(object: KubeObject, member: string): number {
  return Object.keys(objectAt(object, member)).length
}

const secret: Printer = {
  columns: columns('Name', 'Type', 'Data', 'Age'),
  cells: (object, now) => [
    nameOf(object),
    textAt(object, 'type'),
    sizeOf(object, 'data'),
    ageOf(object, now),
  ],
}

const serviceAccount: Printer = {
  columns: columns('Name', 'Secrets', 'Age'),
  cells: (object, now) => [nameOf(object), objectsAt(object, 'secrets').length, ageOf(object, now)],
}

const roleBinding: Printer = {
  columns: columns('Name', 'Role', 'Age', '*Users', '*Groups', '*ServiceAccounts'),
  cells: (object, now) => {
    const subjects = objectsAt(object, 'subjects')
    const of = (kind: string) => subjects.filter((one) => textAt(one, 'kind') === kind)
    const names = (kind: string) => of(kind).map((one) => textAt(one, 'name'))
    const accounts = of('ServiceAccount').map((one) => `${textAt(one, 'namespace')}/${one['name']}`)
    return [
      nameOf(object),
      `${textAt(object, 'roleRef', 'kind')}/${textAt(object, 'roleRef', 'name')}`,
      ageOf(object, now),
      names('User').join(', '),
      names('Group').join(', '),
      accounts.join(', '),
    ]
  },
}

const lease: Printer = {
  columns: columns('Name', 'Holder', 'Age'),
  cells: (object, now) => [
    nameOf(object),
    textAt(object, 'spec', 'holderIdentity'),
    ageOf(object, now),
  ],
}

const priorityClass: Printer = {
  columns: columns('Name', 'Value:integer', 'Global-Default:boolean', 'Age', 'PreemptionPolicy'),
  cells: (object, now) => [
    nameOf(object),
    numberAt(object, 'value'),
    at(object, 'globalDefault') === true,
    ageOf(object, now),
    textAt(object, 'preemptionPolicy'),
  ],
}

const resourceQuota: Printer = {
  columns: columns('Name', 'Request', 'Limit', 'Age'),
  cells: (object, now) => {
    const names = Object.keys(objectAt(object, 'status', 'hard')).sort()
    const text = (wanted: (name: string) => boolean) =>
      names
        .filter(wanted)
        .map((name) => {
          const used = quantityAt(object, 'status', 'used', name)
          return `${name}: ${used}/${quantityAt(object, 'status', 'hard', name)}`
        })
        .join(', ')
    const isLimit = (name: string) => name.startsWith('limits.')
    return [nameOf(object), text((name) => !isLimit(name)), text(isLimit), ageOf(object, now)]
  },
}

const disruptionBudget: Printer = {
  columns: columns(
    'Name',
    'Min Available',
    'Max Unavailable',
    'Allowed Disruptions:integer',
    'Age',
  ),
  cells: (object, now) => [
    nameOf(object),
    textAt(object, 'spec', 'minAvailable') || 'N/A',
    textAt(object, 'spec', 'maxUnavailable') || 'N/A',
    numberAt(object, 'status', 'disruptionsAllowed'),
    ageOf(object, now),
  ],
}

const webhooks: Printer = {
  columns: columns('Name', 'Webhooks:integer', 'Age'),
  cells: (object, now) => [
    nameOf(object),
    objectsAt(object, 'webhooks').length,
    ageOf(object, now),
  ],
}

const scale: Printer = {
  columns: columns('Name', 'Desired:integer', 'Available:integer', 'Age'),
  cells: (object, now) => [
    nameOf(object),
    numberAt(object, 'spec', 'replicas'),
    numberAt(object, 'status', 'replicas'),
    ageOf(object, now),
  ],
}

export const clusterPrinters: Readonly<Record<string, Printer>> = {
  ClusterRoleBinding: roleBinding,
  ConfigMap: configMap,
  Lease: lease,
  MutatingWebhookConfiguration: webhooks,
  Namespace: namespace,
  Node: node,
  PodDisruptionBudget: disruptionBudget,
  PriorityClass: priorityClass,
  ResourceQuota: resourceQuota,
  RoleBinding: roleBinding,
  Scale: scale,
  Secret: secret,
  ServiceAccount: serviceAccount,
  ValidatingWebhookConfiguration: webhooks,
}
