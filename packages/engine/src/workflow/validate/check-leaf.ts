import type { JsonObject } from '../../spec/json.ts'
import type { Template } from '../../spec/workflow.ts'
import { hasPlaceholder } from './check.ts'
import { checkContainerSet, isReservedName } from './check-container-set.ts'
import { checkResource } from './check-resource.ts'
import { complain, resolveTags, type TemplateCheck } from './template-check.ts'

/** A template that runs something itself (or waits). */
export function checkLeaf(of: TemplateCheck): void {
  const { template, title } = of
  resolveTags(of, template, '', { prefix: `${title}: ` })
  checkMounts(of)
  for (const kind of ['container', 'script'] as const) {
    if (template[kind] && !template[kind].image && !defaultImage(of, kind)) {
      complain(of, `.${kind}`, `${title}.${kind}.image may not be empty`)
    }
  }
  if (template.containerSet) checkContainerSet(of, template.containerSet as unknown as JsonObject)
  for (const [index, { name = '' }] of (template.sidecars ?? []).entries()) {
    if (!isReservedName(name)) continue
    complain(
      of,
      `.sidecars[${index}].name`,
      `${title}.sidecars: "${name}" is a reserved Argo container name`,
    )
  }
  if (template.resource) checkResource(of, template.resource)
  checkDeadline(of)
  if (template.parallelism !== undefined) {
    complain(of, '.parallelism', `${title}.parallelism is only valid for steps and dag templates`)
  }
}

// argo: the defaults of a ClusterWorkflowTemplate are not looked at here.
function defaultImage({ base }: TemplateCheck, kind: 'container' | 'script'): string | undefined {
  if (base.kind === 'ClusterWorkflowTemplate') return undefined
  return base.spec.templateDefaults?.[kind]?.image
}

function checkMounts(of: TemplateCheck): void {
  const { template, title } = of
  if (!template.container) return
  const taken = new Map<string, string>()
  for (const [index, { name, mountPath }] of (template.container.volumeMounts ?? []).entries()) {
    const inside = `.container.volumeMounts[${index}].mountPath`
    claim(mountPath, `container.volumeMounts.${name}`, inside)
  }
  for (const [index, { name, path = '' }] of (template.inputs?.artifacts ?? []).entries()) {
    claim(path, `inputs.artifacts.${name}`, `.inputs.artifacts[${index}].path`)
  }

  function claim(path: string, owner: string, inside: string): void {
    const other = taken.get(path)
    if (other === undefined) taken.set(path, owner)
    else complain(of, inside, `${title}${inside} '${path}' already mounted in ${other}`)
  }
}

function checkDeadline(of: TemplateCheck): void {
  const { activeDeadlineSeconds: seconds } = of.template
  if (seconds === undefined || isDeadline(seconds)) return
  const rule = 'must be a positive integer > 0 or an argo variable'
  complain(of, '.activeDeadlineSeconds', `${of.title}.activeDeadlineSeconds ${rule}`)
}

function isDeadline(seconds: NonNullable<Template['activeDeadlineSeconds']>): boolean {
  const text = String(seconds)
  if (/^[+-]?\d+$/.test(text)) return Number(text) >= 0
  return hasPlaceholder(text) || (text.startsWith('{{') && text.endsWith('}}'))
}
