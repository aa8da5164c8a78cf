import type { Template, TemplateKind } from '../../spec/workflow.ts'
import { templateKinds } from '../templates-type.ts'

const spelling: Readonly<Record<TemplateKind, string>> = {
  container: 'Container',
  containerSet: 'ContainerSet',
  steps: 'Steps',
  dag: 'DAG',
  script: 'Script',
  resource: 'Resource',
  data: 'Data',
  suspend: 'Suspend',
  http: 'HTTP',
  plugin: 'Plugin',
}

/** All the types that a template claims to be; exactly one is right. */
export function kindsOf(template: Template): TemplateKind[] {
  return templateKinds.filter((kind) => template[kind] !== undefined)
}

/** The type as messages spell it. */
export function kindName(template: Template): string {
  const [kind] = kindsOf(template)
  return kind === undefined ? 'Unknown' : spelling[kind]
}

export function isPodKind(template: Template): boolean {
  const [kind] = kindsOf(template)
  return kind !== undefined && podKinds.has(kind)
}

/** Runs something of its own, in a pod or through the agent (a suspend template does not). */
export function isLeaf(template: Template): boolean {
  const [kind] = kindsOf(template)
  return kind !== undefined && (podKinds.has(kind) || kind === 'http' || kind === 'plugin')
}

const podKinds: ReadonlySet<TemplateKind> = new Set([
  'container',
  'containerSet',
  'script',
  'resource',
  'data',
])
