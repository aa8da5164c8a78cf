import type { CronWorkflow, KubeObject, Problem, Workflow, WorkflowTemplate } from '@argosy/engine'
import {
  isObject,
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
  resources,
} from '@argosy/kube'
import { type Finding, type Rule, renderFinding } from './finding.ts'
import { nameProblems } from './name-problems.ts'
import { type Overrides, override } from './overrides.ts'
import type { Source } from './sources.ts'
import { type Supply, templatesIn } from './templates-in.ts'

/** Everything the manifests ask for, in the order in which it must be written. */
export interface Understood {
  readonly supplies: readonly Supply[]
  readonly workflows: readonly Workflow[]
  /** Ready to print: file, line, column, what was expected. */
  readonly problems: readonly string[]
}

/** The same for who only looks. */
export interface Investigated extends Omit<Understood, 'problems'> {
  readonly findings: readonly Finding[]
  /** How many objects of each kind were looked at, and passed over. */
  readonly looked: ReadonlyMap<string, number>
  readonly passed: ReadonlyMap<string, number>
}

interface Placed<T> {
  readonly object: T
  readonly document: ManifestDocument
}

interface Findings {
  readonly workflows: Placed<Workflow>[]
  /** Undefined where schedules are not taken. */
  readonly crons: Placed<CronWorkflow>[] | undefined
  readonly templates: (Placed<WorkflowTemplate> & { readonly resource: Resource })[]
  readonly plain: Supply[]
  readonly looked: Map<string, number>
  /** Undefined where everything must be understood. */
  readonly passed: Map<string, number> | undefined
  problem(document: ManifestDocument, rule: Rule, problem: Problem): void
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
): Understood {
  const { findings, supplies, workflows } = investigate(sources, {
    overrides,
    stored,
    purpose: 'run',
  })
  const texts = new Map(sources.map(({ file, text }) => [file, text]))
  const problems = findings.map((one) => renderFinding(one, texts.get(one.file) ?? ''))
  return { supplies, workflows, problems }
}

interface Purpose {
  readonly overrides: Overrides
  readonly stored: readonly Supply[]
  /** `lint` takes schedules too, and passes over what is not Argo's. */
  readonly purpose: 'run' | 'lint'
}

/** What is in the files, and everything that is wrong with it; references go across files, in any order. */
export function investigate(
  sources: readonly Source[],
  { overrides, stored, purpose }: Purpose,
): Investigated {
  const found: Finding[] = []
  const isLint = purpose === 'lint'
  const passed = new Map<string, number>()
  const findings: Findings = {
    ...{ workflows: [], templates: [], plain: [], looked: new Map() },
    crons: isLint ? [] : undefined,
    passed: isLint ? passed : undefined,
    problem: (document, rule, { path, message }) => {
      const place = { file: document.file, ...document.positionOf(path) }
      found.push({ ...place, rule, message: clipped(message), path, object: nameOf(document) })
    },
  }
  for (const { file, text } of sources) {
    const manifests = parseManifests(text, file)
    const wrong = [...manifests.problems, ...manifests.repeated]
    found.push(...wrong.map((problem) => ({ ...problem, rule: 'yaml' as const })))
    for (const document of manifests.documents) readDocument(document, findings, overrides)
  }
  check(findings, stored)
  return {
    supplies: [...findings.plain, ...findings.templates],
    workflows: findings.workflows.map(({ object }) => object),
    ...{ findings: found, looked: findings.looked, passed },
  }
}

/** As upstream names an object that complains. */
function nameOf({ object, index }: ManifestDocument): NonNullable<Finding['object']> {
  const { kind, metadata } = object
  const { name, generateName } = isObject(metadata) ? metadata : {}
  const known = [name, generateName].find((one) => typeof one === 'string' && one !== '')
  return {
    kind: String(kind ?? 'no kind'),
    name: clipped(String(known ?? `object #${index + 1}`), 80),
  }
}

/** A name of a megabyte hides what is said of it. */
function clipped(text: string, longest = 1000): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}…`
}

function count(counts: Map<string, number>, kind: string): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1)
}

function readDocument(document: ManifestDocument, findings: Findings, overrides: Overrides): void {
  const { kind } = document.object
  if (isArgo(kind, findings)) {
    count(findings.looked, kind)
    for (const one of readArgo[kind](document, findings, overrides)) {
      findings.problem(document, 'schema', one)
    }
    for (const one of nameProblems(document.object)) findings.problem(document, 'validate', one)
  } else if (findings.passed) {
    count(findings.passed, typeof kind === 'string' ? kind : 'object without a kind')
  } else {
    readPlain(document, findings)
  }
}

type Read<T> = (document: ManifestDocument, findings: Findings, overrides: Overrides) => T

const readArgo = {
  Workflow: (document, { workflows }, overrides) => {
    const { workflow, problems } = parseWorkflow(document.object)
    workflows.push({ object: override(workflow, overrides), document })
    return problems
  },
  WorkflowTemplate: (document, { templates }) => {
    const { template, problems } = parseWorkflowTemplate(document.object)
    templates.push({ resource: resources.workflowTemplates, object: template, document })
    return problems
  },
  ClusterWorkflowTemplate: (document, { templates }) => {
    const { template, problems } = parseClusterWorkflowTemplate(document.object)
    templates.push({ resource: resources.clusterWorkflowTemplates, object: template, document })
    return problems
  },
  CronWorkflow: (document, { crons }) => {
    const { cron, problems } = parseCronWorkflow(document.object)
    crons?.push({ object: cron, document })
    return problems
  },
} as const satisfies Record<string, Read<readonly Problem[]>>

function isArgo(kind: unknown, { crons }: Findings): kind is keyof typeof readArgo {
  if (typeof kind !== 'string' || !Object.hasOwn(readArgo, kind)) return false
  return kind !== 'CronWorkflow' || crons !== undefined
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
  problem(document, 'schema', {
    path: 'kind',
    message: `\`argosy run\` does not take ${what}: ${why}`,
  })
}

/** Against each other: a Workflow may use templates that any of the files brings, or that are stored already. */
function check(
  { workflows, crons, templates, problem }: Findings,
  stored: readonly Supply[],
): void {
  const inFiles = templatesIn([...templates, ...stored])
  const known = (namespace: string | undefined): World => ({
    ...inFiles(namespace),
    ...(crons !== undefined && { missing: (ref) => absentOffline(ref, namespace) }),
  })
  for (const { object, document } of workflows) {
    const world = known(object.metadata.namespace)
    // As upstream: what is linted may still be given its arguments.
    const mode = crons === undefined ? 'submit' : 'lint'
    for (const one of problemsOf(object, world, mode)) problem(document, one.rule, one)
  }
  for (const { object, document } of templates) {
    const world = known(object.metadata.namespace)
    for (const one of problemsOf(object, world, 'template')) problem(document, one.rule, one)
  }
  for (const { object, document } of crons ?? []) {
    const world = known(object.metadata.namespace)
    for (const one of cronProblems(object, world)) problem(document, one.rule, one)
  }
}

/** argo: of `lint --offline`, in its words. */
function absentOffline(
  { name, clusterScope }: Parameters<World['template']>[0],
  namespace = '',
): string {
  if (clusterScope) return `couldn't find cluster workflow template "${name}"`
  return `couldn't find workflow template "${name}" in namespace "${namespace}"`
}

interface Ruled extends Problem {
  readonly rule: Rule
}

function cronProblems(cron: CronWorkflow, world: World): readonly Ruled[] {
  const problems = validateCronWorkflow(cron, world)
  if (problems.length > 0) return ruled('validate', problems)
  return ruled('unsupported', unsupported(cron.spec.workflowSpec)).map((one) => ({
    ...one,
    path: one.path.replace(/^spec/, 'spec.workflowSpec'),
  }))
}

type World = Parameters<typeof validateWorkflow>[1]

function problemsOf(
  object: Workflow | WorkflowTemplate,
  world: World,
  mode: 'submit' | 'lint' | 'template',
): readonly Ruled[] {
  const problems = validateWorkflow(object, world, mode)
  if (problems.length > 0) return ruled('validate', problems)
  return ruled('unsupported', unsupported(object.spec))
}

function ruled(rule: Rule, problems: readonly Problem[]): readonly Ruled[] {
  return problems.map((one) => ({ ...one, rule }))
}
