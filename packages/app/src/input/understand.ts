import type { CronWorkflow, KubeObject, Problem, Workflow, WorkflowTemplate } from '@argosy/engine'
import {
  parseClusterWorkflowTemplate,
  parseCronWorkflow,
  parseWorkflow,
  parseWorkflowTemplate,
  unsupported,
  validateCronWorkflow,
  validateWorkflow,
} from '@argosy/engine'
import {
  apiVersionOf,
  type ManifestDocument,
  parseManifests,
  type Resource,
  renderProblem,
  resources,
} from '@argosy/kube'
import { type Overrides, override } from './overrides.ts'
import type { Source } from './sources.ts'

/** Everything the manifests ask for, in the order in which it must be written. */
export interface Understood {
  readonly supplies: readonly Supply[]
  readonly workflows: readonly Workflow[]
  /** Ready to print: file, line, column, what was expected. */
  readonly problems: readonly string[]
}

/** What workflows use: templates, ConfigMaps, Secrets and the like. */
export interface Supply {
  readonly resource: Resource
  readonly object: KubeObject
}

interface Read<T> {
  readonly object: T
  readonly document: ManifestDocument
}

interface Findings {
  readonly workflows: Read<Workflow>[]
  /** Undefined where schedules are not taken. */
  readonly crons: Read<CronWorkflow>[] | undefined
  readonly templates: (Read<WorkflowTemplate> & { readonly resource: Resource })[]
  readonly plain: Supply[]
  problem(document: ManifestDocument, problem: Problem): void
}

const plainKinds: readonly Resource[] = [
  resources.namespaces,
  resources.serviceAccounts,
  resources.configMaps,
  resources.secrets,
  resources.persistentVolumeClaims,
]

const refusals: Readonly<Record<string, string>> = {
  CronWorkflow:
    'it runs Workflows to their end, and a schedule has none; `argosy lint` checks it, and what is under its `spec.workflowSpec` runs once as the `spec` of a Workflow',
}

/** Reads, applies the command line, and checks. Problems of all files are found in one go. */
export function understand(
  sources: readonly Source[],
  overrides: Overrides,
  stored: readonly Supply[] = [],
  purpose: 'run' | 'lint' = 'run',
): Understood {
  const problems: string[] = []
  const texts = new Map(sources.map(({ file, text }) => [file, text]))
  const findings: Findings = {
    workflows: [],
    crons: purpose === 'lint' ? [] : undefined,
    templates: [],
    plain: [],
    problem: ({ file, positionOf }, { path, message }) => {
      const place = { file, ...positionOf(path), message }
      problems.push(renderProblem(place, texts.get(file) ?? ''))
    },
  }
  for (const { file, text } of sources) {
    const manifests = parseManifests(text, file)
    problems.push(...manifests.problems.map((problem) => renderProblem(problem, text)))
    for (const document of manifests.documents) readDocument(document, findings, overrides)
  }
  check(findings, stored)
  return {
    supplies: [...findings.plain, ...findings.templates],
    workflows: findings.workflows.map(({ object }) => object),
    problems,
  }
}

function readDocument(document: ManifestDocument, findings: Findings, overrides: Overrides): void {
  const { object } = document
  const { kind } = object
  const note = (problems: readonly Problem[]) => {
    for (const problem of problems) findings.problem(document, problem)
  }
  if (kind === 'Workflow') {
    const { workflow, problems } = parseWorkflow(object)
    note(problems)
    findings.workflows.push({ object: override(workflow, overrides), document })
  } else if (kind === 'WorkflowTemplate' || kind === 'ClusterWorkflowTemplate') {
    const cluster = kind === 'ClusterWorkflowTemplate'
    const { template, problems } = (cluster ? parseClusterWorkflowTemplate : parseWorkflowTemplate)(
      object,
    )
    note(problems)
    const resource = cluster ? resources.clusterWorkflowTemplates : resources.workflowTemplates
    findings.templates.push({ resource, object: template, document })
  } else if (kind === 'CronWorkflow' && findings.crons !== undefined) {
    const { cron, problems } = parseCronWorkflow(object)
    note(problems)
    findings.crons.push({ object: cron, document })
  } else {
    readPlain(document, findings)
  }
}

function readPlain(document: ManifestDocument, { plain, problem }: Findings): void {
  const { kind, apiVersion, metadata } = document.object
  const resource = plainKinds.find((one) => one.kind === kind && apiVersionOf(one) === apiVersion)
  if (resource && typeof metadata === 'object') {
    // Checked by the server when it is written.
    plain.push({ resource, object: document.object as unknown as KubeObject })
    return
  }
  const known = ['Workflow', 'WorkflowTemplate', 'ClusterWorkflowTemplate']
  const all = [...known, ...plainKinds.map((one) => one.kind)].join(', ')
  const what =
    typeof kind === 'string' ? `${kind} (${String(apiVersion)})` : 'an object without a kind'
  const why = refusals[String(kind)] ?? `it takes ${all}`
  problem(document, { path: 'kind', message: `\`argosy run\` does not take ${what}: ${why}` })
}

/** Against each other: a Workflow may use templates that any of the files brings, or that are stored already. */
function check(
  { workflows, crons, templates, problem }: Findings,
  stored: readonly Supply[],
): void {
  const known = [...templates, ...stored]
  for (const { object, document } of workflows) {
    const world = worldOf(known, object.metadata.namespace)
    for (const one of problemsOf(object, world, 'submit')) problem(document, one)
  }
  for (const { object, document } of templates) {
    const world = worldOf(known, object.metadata.namespace)
    for (const one of problemsOf(object, world, 'template')) problem(document, one)
  }
  for (const { object, document } of crons ?? []) {
    const world = worldOf(known, object.metadata.namespace)
    for (const one of cronProblems(object, world)) problem(document, one)
  }
}

function cronProblems(cron: CronWorkflow, world: World): readonly Problem[] {
  const problems = validateCronWorkflow(cron, world)
  if (problems.length > 0) return problems
  return unsupported(cron.spec.workflowSpec).map(({ path, message }) => ({
    path: path.replace(/^spec/, 'spec.workflowSpec'),
    message,
  }))
}

type World = Parameters<typeof validateWorkflow>[1]

function problemsOf(
  object: Workflow | WorkflowTemplate,
  world: World,
  mode: 'submit' | 'template',
): readonly Problem[] {
  const problems = validateWorkflow(object, world, mode)
  return problems.length > 0 ? problems : unsupported(object.spec)
}

function worldOf(templates: readonly Supply[], namespace = 'default'): World {
  return {
    template: ({ name, clusterScope = false }) =>
      templates.find(
        ({ object, resource }) =>
          object.metadata.name === name &&
          resource.namespaced !== clusterScope &&
          (!resource.namespaced || (object.metadata.namespace ?? 'default') === namespace),
      )?.object as WorkflowTemplate | undefined,
  }
}
