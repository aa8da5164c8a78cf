import type { Step } from '../../spec/workflow.ts'
import { placeWithin, type Site } from './check.ts'
import { checkArguments } from './check-arguments.ts'
import { checkHooks, checkWhen } from './check-hooks.ts'
import { malformedStepName, named } from './names.ts'
import { addItems, addOutputs, hasExitHook, inlineInputs, isLoop } from './node-scope.ts'
import { complain, resolveTags, type TemplateCheck } from './template-check.ts'
import { layer } from './variable-scope.ts'

/** A steps template: what each step calls, with what, and what it may already know. */
export function checkSteps(of: TemplateCheck): void {
  const { template, title } = of
  if (template.activeDeadlineSeconds !== undefined) {
    const text = `${title}.activeDeadlineSeconds is only valid for leaf templates`
    complain(of, '.activeDeadlineSeconds', text)
  }
  const names = new Set<string>()
  for (const [group, steps] of (template.steps ?? []).entries()) {
    for (const [index, step] of steps.entries()) {
      const at: StepAt = { step: named(step), group, inside: `.steps[${group}][${index}]` }
      checkName(of, at, names)
      checkStep(of, at)
    }
  }
}

interface StepAt {
  readonly step: Step
  readonly group: number
  readonly inside: string
}

function checkName(of: TemplateCheck, { step, group, inside }: StepAt, names: Set<string>): void {
  const { name = '' } = step
  const title = `${of.title}.steps[${group}].name`
  if (name === '') {
    complain(of, inside, `${title} is required`)
    return
  }
  if (names.has(name)) complain(of, `${inside}.name`, `${title} '${name}' is not unique`)
  const wrong = malformedStepName(name)
  if (wrong.length > 0)
    complain(of, `${inside}.name`, `${title} '${name}' is invalid: ${wrong.join(';')}`)
  names.add(name)
}

function checkStep(of: TemplateCheck, { step, group, inside }: StepAt): void {
  const { check, base, scope } = of
  const title = `${of.title}.steps[${group}].${step.name}`
  scope.add(`steps.${step.name}.status`)
  // argo: items stay in scope for the steps that follow.
  const wrongLoop = addItems(step, scope)
  if (wrongLoop) complain(of, inside, `${title} ${wrongLoop}`)
  const place = placeWithin(of.place, inside)
  checkArguments(step.arguments, {
    check,
    place: placeWithin(place, '.arguments'),
    chain: of.chain,
    prefix: `${title}.arguments.`,
    mayLackValues: false,
  })
  const site: Site = { base, place, chain: `${of.chain}${title} ` }
  const called = check.visit(step, site, 'fake')
  const producer = {
    family: 'steps',
    name: step.name,
    template: called,
    isAncestor: false,
  } as const
  if (hasExitHook(step)) addOutputs({ ...producer, isLoop: false }, scope, check)
  checkHooks(of, step, { inside, title })
  checkWhen(of, step, inside)

  const own = new Set(inlineInputs(step))
  resolveTags(of, step, inside, { prefix: `${of.title}.steps `, scope: layer(scope, own) })

  addOutputs({ ...producer, isLoop: isLoop(step) }, scope, check)
  check.visit(step, site, step.arguments ?? {})
}
