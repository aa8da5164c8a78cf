import type { JsonObject } from '../../packages/engine/src/spec/json.ts'
import {
  type CronWorkflow,
  parseClusterWorkflowTemplate,
  parseCronWorkflow,
  parseWorkflow,
  parseWorkflowTemplate,
} from '../../packages/engine/src/spec/parse/parse-workflow.ts'
import type { Problem } from '../../packages/engine/src/spec/problem.ts'
import type { Workflow, WorkflowTemplate } from '../../packages/engine/src/spec/workflow.ts'
import type { Mode, World } from '../../packages/engine/src/workflow/validate/check.ts'
import { validateCronWorkflow } from '../../packages/engine/src/workflow/validate/validate-cron-workflow.ts'
import { validateWorkflow } from '../../packages/engine/src/workflow/validate/validate-workflow.ts'
import { isYaml } from '../../packages/kube/src/manifest/is-yaml.ts'
import type { ManifestDocument } from '../../packages/kube/src/manifest/parse-manifests.ts'

/** An object of one of Argo's kinds with everything that is wrong with its shape. */
export type Read = {
  readonly document: ManifestDocument
  readonly problems: readonly Problem[]
} & (
  | { readonly kind: 'Workflow'; readonly value: Workflow }
  | {
      readonly kind: 'WorkflowTemplate' | 'ClusterWorkflowTemplate'
      readonly value: WorkflowTemplate
    }
  | { readonly kind: 'CronWorkflow'; readonly value: CronWorkflow }
)

/** Reads a document by its kind; other kinds are not ours. */
export function read(document: ManifestDocument): Read | undefined {
  const object: JsonObject = document.object
  switch (object['kind']) {
    case 'Workflow': {
      const { workflow, problems } = parseWorkflow(object)
      return { document, problems, kind: 'Workflow', value: workflow }
    }
    case 'WorkflowTemplate': {
      const { template, problems } = parseWorkflowTemplate(object)
      return { document, problems, kind: 'WorkflowTemplate', value: template }
    }
    case 'ClusterWorkflowTemplate': {
      const { template, problems } = parseClusterWorkflowTemplate(object)
      return { document, problems, kind: 'ClusterWorkflowTemplate', value: template }
    }
    case 'CronWorkflow': {
      const { cron, problems } = parseCronWorkflow(object)
      return { document, problems, kind: 'CronWorkflow', value: cron }
    }
    default:
      return undefined
  }
}

/** A world that holds the templates among some documents. */
export function worldOf(documents: readonly Read[]): World {
  const templates = documents.flatMap((each) =>
    each.kind === 'WorkflowTemplate' || each.kind === 'ClusterWorkflowTemplate' ? [each] : [],
  )
  return {
    isYaml,
    template: ({ name, clusterScope }) => {
      const kind = clusterScope ? 'ClusterWorkflowTemplate' : 'WorkflowTemplate'
      return templates.find((each) => each.kind === kind && each.value.metadata.name === name)
        ?.value
    },
  }
}

export function validate(each: Read, world: World, mode: Mode): readonly Problem[] {
  if (each.kind === 'CronWorkflow') return validateCronWorkflow(each.value, world)
  return validateWorkflow(each.value, world, each.kind === 'Workflow' ? mode : 'template')
}
