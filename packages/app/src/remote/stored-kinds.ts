import type { CronWorkflow, KubeObject, WorkflowTemplate } from '@argosy/engine'
import { type Client, type Resource, resources } from '@argosy/kube'
import { cronTable, cronView, templateTable, templateView } from '../text/stored-text.ts'
import { checkCron, checkWorkflow } from './check-workflow.ts'
import type { Kind } from './read-objects.ts'

type StoredName = Exclude<Kind, 'Workflow'>

/** What is stored to be run later: how it is called, checked and shown. */
export interface StoredKind {
  readonly kind: StoredName
  readonly resource: Resource
  /** As errors call it. */
  readonly noun: string
  check(client: Client, object: KubeObject): Promise<void>
  view(object: KubeObject, now: number): string
  table(items: readonly KubeObject[], options: { now: number; namespace: boolean }): string
}

const template = {
  check: (client: Client, object: KubeObject) =>
    checkWorkflow(client, object as WorkflowTemplate, 'template'),
  view: (object: KubeObject, now: number) => templateView(object as WorkflowTemplate, now),
  table: templateTable,
}

export const storedKinds: Readonly<Record<StoredName, StoredKind>> = {
  WorkflowTemplate: {
    kind: 'WorkflowTemplate',
    resource: resources.workflowTemplates,
    noun: 'workflow template',
    ...template,
  },
  ClusterWorkflowTemplate: {
    kind: 'ClusterWorkflowTemplate',
    resource: resources.clusterWorkflowTemplates,
    noun: 'cluster workflow template',
    ...template,
  },
  CronWorkflow: {
    kind: 'CronWorkflow',
    resource: resources.cronWorkflows,
    noun: 'cron workflow',
    check: (client, object) => checkCron(client, object as CronWorkflow),
    view: (object, now) => cronView(object as CronWorkflow, now),
    table: (items, options) => cronTable(items as readonly CronWorkflow[], options),
  },
}
