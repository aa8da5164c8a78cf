import {
  type CronWorkflow,
  type JsonObject,
  type KubeObject,
  type Problem,
  parseClusterWorkflowTemplate,
  parseCronWorkflow,
  parseWorkflowTemplate,
  unsupported,
  validateCronWorkflow,
  validateWorkflow,
  type WorkflowTemplate,
} from '@argosy/engine'
import { type Resource, resources } from '@argosy/kube'

type Templates = Parameters<typeof validateWorkflow>[1]

/** A kind that waits to be run: where it is served, and what is right for it. */
export interface StoredKind {
  readonly resource: Resource
  /** Below /api/v1. */
  readonly plural: string
  /** What the body of a request calls it. */
  readonly field: string
  /** What is said when the body lacks it. */
  readonly missing: string
  parse(object: JsonObject): Parsed
  /** What is wrong, and what of it is not supported. Absent where upstream passes on what it is given: that is not labelled, either. */
  problemsOf?(object: KubeObject, templates: Templates): readonly Problem[]
}

interface Parsed {
  readonly object: KubeObject
  readonly problems: readonly Problem[]
}

function templateProblems(object: KubeObject, templates: Templates): readonly Problem[] {
  const template = object as WorkflowTemplate
  const problems = validateWorkflow(template, templates, 'template')
  return problems.length > 0 ? problems : unsupported(template.spec)
}

export const workflowTemplateKind: StoredKind = {
  resource: resources.workflowTemplates,
  plural: 'workflow-templates',
  field: 'template',
  missing: 'workflow template was not found in the request body',
  parse: (json) => {
    const { template, problems } = parseWorkflowTemplate(json)
    return { object: template, problems }
  },
  problemsOf: templateProblems,
}

export const clusterWorkflowTemplateKind: StoredKind = {
  resource: resources.clusterWorkflowTemplates,
  plural: 'cluster-workflow-templates',
  field: 'template',
  missing: 'cluster workflow template was not found in the request body',
  parse: (json) => {
    const { template, problems } = parseClusterWorkflowTemplate(json)
    return { object: template, problems }
  },
  problemsOf: templateProblems,
}

export const cronWorkflowKind: StoredKind = {
  resource: resources.cronWorkflows,
  plural: 'cron-workflows',
  field: 'cronWorkflow',
  missing: 'cron workflow was not found in the request body',
  parse: (json) => {
    const { cron, problems } = parseCronWorkflow(json)
    return { object: cron, problems }
  },
  problemsOf: (object, templates) => {
    const cron = object as CronWorkflow
    const problems = validateCronWorkflow(cron, templates)
    return problems.length > 0 ? problems : unsupported(cron.spec.workflowSpec, 'spec.workflowSpec')
  },
}
