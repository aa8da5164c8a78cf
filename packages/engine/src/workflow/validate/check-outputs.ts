import type { Artifact, Parameter, Template, ValueFrom } from '../../spec/workflow.ts'
import type { Finding } from './finding.ts'
import { isParameter, malformed, nameProblems } from './names.ts'
import { pathFindings } from './path-findings.ts'
import { complain, resolveTags, type TemplateCheck } from './template-check.ts'
import { kindName } from './template-kind.ts'

/** Names, sources and paths of a template's outputs, and the tags in them. */
export function checkOutputs(of: TemplateCheck): void {
  const { template, title } = of
  const { outputs = {} } = template
  for (const field of ['parameters', 'artifacts'] as const) {
    for (const { index, text } of nameProblems(outputs[field], 'value')) {
      complain(of, `.outputs.${field}[${index}]`, `${title}.outputs.${field} ${text}`)
    }
  }
  resolveTags(of, outputs, '.outputs', { prefix: `${title}.outputs ` })
  const findings = [
    ...(outputs.artifacts ?? []).flatMap((artifact, index) =>
      artifactFindings(artifact, `.outputs.artifacts[${index}]`, template, title),
    ),
    ...(outputs.parameters ?? []).flatMap((parameter, index) =>
      parameterFindings(parameter, `.outputs.parameters[${index}]`, template, title),
    ),
  ]
  for (const [inside, text] of findings) complain(of, inside, text)
}

function artifactFindings(
  artifact: Artifact,
  inside: string,
  template: Template,
  title: string,
): Finding[] {
  const named = `${title}.outputs.artifacts.${artifact.name}`
  return [
    ...pathFindings(artifact, template, { inside, named }),
    ...globalNameFindings(artifact.globalName, inside, named),
  ]
}

function parameterFindings(
  parameter: Parameter,
  inside: string,
  template: Template,
  title: string,
): Finding[] {
  const named = `${title}.outputs.parameters.${parameter.name}`
  const { valueFrom } = parameter
  const source = sourceProblem(parameter, named)
  const findings: Finding[] = source ? [[inside, source]] : []
  const unfit = valueFrom && !source ? unfitSource(valueFrom, kindName(template), named) : undefined
  if (unfit) findings.push([`${inside}.valueFrom`, unfit])
  return [...findings, ...globalNameFindings(parameter.globalName, inside, named)]
}

function globalNameFindings(name: string | undefined, inside: string, named: string): Finding[] {
  if (!name || isParameter(name)) return []
  return malformed(name, 'value').map((why) => [
    `${inside}.globalName`,
    `${named}.globalName: ${why}`,
  ])
}

function sourceProblem({ value, valueFrom }: Parameter, named: string): string | undefined {
  if (valueFrom && value !== undefined) {
    return `${named} has both valueFrom and value specified, choose one`
  }
  if (value !== undefined) return undefined
  if (!valueFrom) return `${named} does not have valueFrom or value specified`
  const { path, jqFilter, jsonPath, parameter, expression, supplied } = valueFrom
  const sources = [path, jqFilter, jsonPath, parameter, expression, supplied].filter(Boolean).length
  if (sources === 1) return undefined
  return sources === 0
    ? 'valueFrom type unspecified. choose one of: path, jqFilter, jsonPath, parameter, raw, expression'
    : 'multiple valueFrom types specified. choose one of: path, jqFilter, jsonPath, parameter, raw'
}

function unfitSource(from: ValueFrom, kind: string, named: string): string | undefined {
  switch (kind) {
    case 'Container':
    case 'ContainerSet':
    case 'Script':
      return from.path ? undefined : `${named}.path must be specified for ${kind} templates`
    case 'Resource':
      if (from.jqFilter || from.jsonPath) return undefined
      return `${named} .jqFilter or jsonPath must be specified for ${kind} templates`
    case 'DAG':
    case 'Steps':
      if (from.parameter || from.expression) return undefined
      return `${named}.parameter or expression must be specified for ${kind} templates`
    default:
      return undefined
  }
}
