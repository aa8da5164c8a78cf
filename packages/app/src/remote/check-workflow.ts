import type { CronWorkflow, Problem, Workflow, WorkflowTemplate } from '@argosy/engine'
import { validateCronWorkflow, validateWorkflow } from '@argosy/engine'
import { type Client, isYaml, resources } from '@argosy/kube'

type World = Parameters<typeof validateWorkflow>[1]
type TemplateRef = Parameters<World['template']>[0]

/**
 * What upstream's server would refuse, found before anything is written. Templates that are referred to are fetched as
 * they turn up: each may refer to others.
 */
async function problemsOnServer(
  client: Client,
  namespace: string,
  check: (world: World) => readonly Problem[],
): Promise<readonly Problem[]> {
  const known = new Map<string, WorkflowTemplate | undefined>()
  for (;;) {
    const missing = new Map<string, TemplateRef>()
    const problems = check({
      isYaml,
      template: (ref) => {
        const key = `${ref.clusterScope ?? false}/${ref.name}`
        if (!known.has(key)) missing.set(key, ref)
        return known.get(key)
      },
    })
    if (missing.size === 0) return problems
    await Promise.all(
      [...missing].map(async ([key, ref]) => known.set(key, await stored(client, namespace, ref))),
    )
  }
}

function stored(client: Client, namespace: string, { name, clusterScope }: TemplateRef) {
  return clusterScope
    ? client.get<WorkflowTemplate>({ resource: resources.clusterWorkflowTemplates, name })
    : client.get<WorkflowTemplate>({ resource: resources.workflowTemplates, namespace, name })
}

/** Throws what is wrong with a workflow or a template that is about to be written. */
export async function checkWorkflow(
  client: Client,
  object: Workflow | WorkflowTemplate,
  mode: 'submit' | 'template',
): Promise<void> {
  const { namespace = 'default' } = object.metadata
  refuse(
    await problemsOnServer(client, namespace, (world) => validateWorkflow(object, world, mode)),
  )
}

/** The same for a schedule. */
export async function checkCron(client: Client, cron: CronWorkflow): Promise<void> {
  const { namespace = 'default' } = cron.metadata
  refuse(await problemsOnServer(client, namespace, (world) => validateCronWorkflow(cron, world)))
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length === 0) return
  throw new Error(problems.map(({ message }) => message).join('; '))
}
