import { evaluateWhen } from '../../expr/govaluate/govaluate.ts'
import { didYouMean } from '../../spec/parse/nearest.ts'
import type { Invocation, LifecycleHook } from '../../spec/workflow.ts'
import { withoutPlaceholders } from './check.ts'
import { complain, type TemplateCheck } from './template-check.ts'

/** Every hook but `exit` needs an expression; lint also wants the templates that hooks name to exist. */
export function hookFindings(
  hooks: Readonly<Record<string, LifecycleHook>> | undefined,
  title: string,
): [string, string][] {
  return Object.entries(hooks ?? {})
    .filter(([name, { expression }]) => name !== 'exit' && !expression)
    .map(([name]) => [`.hooks.${name}`, `${title}.${name} Expression required`])
}

export function checkHooks(
  of: TemplateCheck,
  node: Invocation,
  { inside, title }: { readonly inside: string; readonly title: string },
): void {
  for (const [at, text] of hookFindings(node.hooks, title)) complain(of, inside + at, text)
  // Upstream only finds out when the hook runs.
  if (of.check.mode !== 'lint') return
  const called = Object.entries(node.hooks ?? {}).map(
    ([name, hook]) => [`.hooks.${name}`, hook.template] as const,
  )
  for (const [at, name] of [...called, ['.onExit', node.onExit] as const]) {
    const text = undefinedHookTemplate(name, of.base.spec.templates)
    if (text) complain(of, inside + at, `${title} ${text}`)
  }
}

/** `template name 'x' undefined`, unless there is one. */
export function undefinedTemplate(
  name: string,
  templates: readonly { readonly name?: string }[] = [],
): string | undefined {
  if (templates.some((each) => each.name === name)) return undefined
  const known = templates.flatMap((each) => each.name ?? [])
  return `template name '${name}' undefined${didYouMean(name, known)}`
}

/** The same for a hook's template, whose name may only be known at run time. */
export function undefinedHookTemplate(
  name: string | undefined,
  templates: readonly { readonly name?: string }[] | undefined,
): string | undefined {
  return name && !name.includes('{{') ? undefinedTemplate(name, templates) : undefined
}

/** In lint, a `when` that no values of its variables make an expression. */
export function checkWhen(of: TemplateCheck, { when }: Invocation, inside: string): void {
  if (of.check.mode !== 'lint' || !when) return
  const text = withoutPlaceholders(when).replaceAll(/\{\{.*?\}\}/gs, 'x')
  const result = text === 'x' ? undefined : evaluateWhen(text)
  // Of a value nothing is known; these two are about the form alone.
  if (result && 'error' in result && /^(Invalid|Failed to parse) 'when'/.test(result.error)) {
    complain(of, `${inside}.when`, result.error)
  }
}
