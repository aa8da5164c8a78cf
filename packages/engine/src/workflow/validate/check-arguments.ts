import type { Arguments, Artifact, Parameter } from '../../spec/workflow.ts'
import { hasLocationOrKey } from './artifacts.ts'
import { type Check, type Place, within } from './check.ts'
import { nameProblems } from './names.ts'

/** Where arguments stand and how upstream names them, as `spec.arguments.`. */
export interface ArgumentsAt {
  readonly check: Check
  readonly place: Place
  readonly chain: string
  readonly prefix: string
  /** Values may still come from whoever submits. */
  readonly mayLackValues: boolean
}

/** Names, values and sources of arguments. */
export function checkArguments(args: Arguments | undefined, at: ArgumentsAt): void {
  for (const field of ['parameters', 'artifacts'] as const) {
    for (const { index, text } of nameProblems(args?.[field], 'value')) {
      report(at, `.${field}[${index}]`, field + text)
    }
  }
  for (const [index, parameter] of (args?.parameters ?? []).entries()) {
    checkParameter(parameter, `.parameters[${index}]`, at)
  }
  for (const [index, artifact] of (args?.artifacts ?? []).entries()) {
    checkArtifact(artifact, `.artifacts[${index}]`, at)
  }
}

function report(at: ArgumentsAt, inside: string, text: string): void {
  at.check.report(within(at.place, inside), at.chain, at.prefix + text)
}

function checkParameter(parameter: Parameter, inside: string, at: ArgumentsAt): void {
  const { name, value, valueFrom } = parameter
  if (!valueFrom && value === undefined && !at.mayLackValues) {
    report(at, inside, `${name}.value or ${at.prefix}${name}.valueFrom is required`)
    return
  }
  if (valueFrom && !isArgumentSource(valueFrom)) {
    report(
      at,
      `${inside}.valueFrom`,
      `${name}.valueFrom only allows: default, configMapKeyRef and supplied`,
    )
  }
  checkEnum(parameter, inside, at)
}

function isArgumentSource(source: NonNullable<Parameter['valueFrom']>): boolean {
  if (source.path || source.jsonPath || source.parameter || source.expression) return false
  return Boolean(source.configMapKeyRef || source.event || source.supplied)
}

function checkEnum(parameter: Parameter, inside: string, at: ArgumentsAt): void {
  const { name, value, enum: choices } = parameter
  if (!choices) return
  if (choices.length === 0) {
    report(at, `${inside}.enum`, `${name}.enum should contain at least one value`)
  } else if (value === undefined) {
    if (!at.mayLackValues) report(at, inside, `${name}.value is required`)
  } else if (!choices.includes(value)) {
    report(
      at,
      `${inside}.value`,
      `${name}.value should be present in ${at.prefix}${name}.enum list`,
    )
  }
}

function checkArtifact(artifact: Artifact, inside: string, at: ArgumentsAt): void {
  const { name, from, fromExpression } = artifact
  if (!from && !hasLocationOrKey(artifact)) {
    report(at, inside, `${name}.from, artifact location, or key is required`)
  }
  if (from && fromExpression) {
    report(at, inside, `${name} shouldn't have both \`from\` and \`fromExpression\` in Artifact`)
  }
}
