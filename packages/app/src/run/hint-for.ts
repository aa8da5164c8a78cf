import type { NodeStatus, Workflow } from '@argosy/engine'

/** What to do about a step that waits for something which nobody brings to a run; undefined: nothing, or it comes by itself. */
export function hintFor(node: NodeStatus, workflow: Workflow): string | undefined {
  if (node.type === 'Suspend' && node.phase === 'Running' && !endsByItself(node, workflow)) {
    return 'waits for somebody to resume it, and nobody can in a run: `argosy server`, then `argosy resume`; Ctrl-C ends it here'
  }
  if (node.type !== 'Pod' || node.phase !== 'Pending') return undefined
  const missing = /\b(secret|configmap|persistentvolumeclaim) "([^"]+)" not found/.exec(
    node.message ?? '',
  )
  if (!missing) return undefined
  const [, kind = '', name] = missing
  return `waits for the ${kinds[kind]} ${name}: give a file with it beside the workflow; Ctrl-C ends it here`
}

const kinds: Readonly<Record<string, string>> = {
  secret: 'Secret',
  configmap: 'ConfigMap',
  persistentvolumeclaim: 'PersistentVolumeClaim',
}

/** After its duration. What a template is that another object brings is not looked up: no hint is better than a wrong one. */
function endsByItself({ templateName }: NodeStatus, { spec }: Workflow): boolean {
  const template = spec.templates?.find(({ name }) => name === templateName)
  return template?.suspend === undefined || template.suspend.duration !== undefined
}
