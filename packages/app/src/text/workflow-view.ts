import type { Artifact, Condition, Outputs, Workflow } from '@argosy/engine'
import { longDuration, timestamp } from './humanize.ts'
import { nodeTable } from './node-table.ts'
import { resourcesText } from './resources-text.ts'
import type { ViewOptions } from './view-options.ts'
import { workflowStatus } from './workflow-status.ts'

/** `argosy get`: what is known of one workflow, and its steps. argo: PrintWorkflowHelper. */
export function workflowView(workflow: Workflow, options: ViewOptions): string {
  const { nodes } = workflow.status ?? {}
  const hasTree = nodes?.[workflow.metadata.name ?? ''] !== undefined
  const tree = hasTree ? nodeTable(workflow, options) : ''
  if (options.format === 'short' && hasTree) return tree
  return `${facts(workflow, options).map(line).join('')}${hasTree ? `\n${tree}` : ''}`
}

type Fact = readonly [name: string, value: string]

const line = ([name, value]: Fact) => `${name.padEnd(20)} ${value}\n`

function facts(workflow: Workflow, options: ViewOptions): readonly Fact[] {
  const { metadata, status = {} } = workflow
  return [
    ['Name:', metadata.name ?? ''],
    ['Namespace:', metadata.namespace ?? ''],
    ['ServiceAccount:', serviceAccount(workflow)],
    ['Status:', workflowStatus(workflow)],
    ...known('Message:', status.message),
    ...conditionFacts(status.conditions ?? [], options),
    [
      'Created:',
      metadata.creationTimestamp ? timestamp(metadata.creationTimestamp, options.now) : '<none>',
    ],
    ...times(workflow, options.now),
    ['Progress:', status.progress ?? ''],
    ...known('ResourcesDuration:', resourcesText(status.resourcesDuration)),
    ...parameterFacts(workflow),
    ...outputFacts(status.outputs),
  ]
}

function known(name: string, value: string | undefined): readonly Fact[] {
  return value ? [[name, value]] : []
}

function executed({ spec, status }: Workflow) {
  return status?.storedWorkflowTemplateSpec ?? spec
}

function serviceAccount(workflow: Workflow): string {
  const { serviceAccountName } = executed(workflow)
  if (serviceAccountName) return serviceAccountName
  return workflow.spec.workflowTemplateRef
    ? 'unset'
    : 'unset (will run with the default ServiceAccount)'
}

const conditionIcons: Readonly<Record<string, readonly [string, string]>> = {
  MetricsError: ['✖', 'Error'],
  SpecWarning: ['⚠', 'Warning'],
}

function conditionFacts(conditions: readonly Condition[], { utf8 }: ViewOptions): readonly Fact[] {
  if (conditions.length === 0) return []
  const each = conditions.map(({ type, message, status }): Fact => {
    const icon = conditionIcons[type]?.[utf8 ? 0 : 1] ?? ''
    return [`${icon} ${type}`, message || (status ?? '')]
  })
  return [['Conditions:', ''], ...each]
}

function times({ status = {} }: Workflow, now: number): readonly Fact[] {
  const { startedAt, finishedAt, phase, estimatedDuration = 0 } = status
  if (!startedAt) return finishedAt ? [['Finished:', timestamp(finishedAt, now)]] : []
  const took = (finishedAt ? Date.parse(finishedAt) : now) - Date.parse(startedAt)
  return [
    ['Started:', timestamp(startedAt, now)],
    ...(finishedAt ? ([['Finished:', timestamp(finishedAt, now)]] as const) : []),
    ['Duration:', longDuration(took)],
    ...(phase === 'Running' && estimatedDuration > 0
      ? ([['EstimatedDuration:', longDuration(estimatedDuration * 1000)]] as const)
      : []),
  ]
}

function parameterFacts(workflow: Workflow): readonly Fact[] {
  const parameters = executed(workflow).arguments?.parameters ?? []
  if (parameters.length === 0) return []
  const given = parameters.filter(({ value }) => value !== undefined)
  return [['Parameters:', ''], ...given.map(({ name, value }): Fact => [`  ${name}:`, `${value}`])]
}

function outputFacts(outputs: Outputs | undefined): readonly Fact[] {
  const { parameters = [], artifacts = [] } = outputs ?? {}
  const texts = parameters.flatMap(({ name, value, valueFrom }): Fact[] => {
    const text = value ?? valueFrom?.default
    return text === undefined ? [] : [[`  ${name}:`, String(text)]]
  })
  const places = artifacts.flatMap((artifact): Fact[] => {
    const place = placeOf(artifact)
    return place === undefined ? [] : [[`  ${artifact.name}:`, place]]
  })
  return [
    ...(parameters.length > 0 ? ([['Output Parameters:', ''], ...texts] as const) : []),
    ...(artifacts.length > 0 ? ([['Output Artifacts:', ''], ...places] as const) : []),
  ]
}

const places = {
  s3: 'key',
  git: 'repo',
  http: 'url',
  artifactory: 'url',
  hdfs: 'path',
  raw: 'data',
  oss: 'key',
  gcs: 'key',
  azure: 'blob',
} as const

/** Where it is. Upstream prints its Go structure. */
function placeOf(artifact: Artifact): string | undefined {
  for (const [kind, field] of Object.entries(places)) {
    const place = artifact[kind as keyof typeof places] as
      | Readonly<Record<string, unknown>>
      | undefined
    if (place === undefined) continue
    const where = [place['bucket'] ?? place['container'], place[field]]
    return `${kind} ${where.filter((part) => typeof part === 'string').join('/')}`
  }
  return undefined
}
