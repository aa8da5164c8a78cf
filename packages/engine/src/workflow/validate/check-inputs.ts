import type { Artifact, Template } from '../../spec/workflow.ts'
import { locationProblems } from './artifacts.ts'
import type { Finding } from './finding.ts'
import { nameProblems } from './names.ts'
import { pathFindings } from './path-findings.ts'
import { isLeaf } from './template-kind.ts'

/** Names, paths and places of a template's inputs. */
export function inputFindings(template: Template, title: string): Finding[] {
  const { inputs } = template
  return [
    ...(['parameters', 'artifacts'] as const).flatMap((field) =>
      nameProblems(inputs?.[field], 'value').map(
        ({ index, text }): Finding => [
          `.inputs.${field}[${index}]`,
          `${title}.inputs.${field}${text}`,
        ],
      ),
    ),
    ...(inputs?.artifacts ?? []).flatMap((artifact, index) =>
      artifactFindings(artifact, `.inputs.artifacts[${index}]`, template, title),
    ),
  ]
}

function artifactFindings(
  artifact: Artifact,
  inside: string,
  template: Template,
  title: string,
): Finding[] {
  const named = `${title}.inputs.artifacts.${artifact.name}`
  const findings = pathFindings(artifact, template, { inside, named })
  if (artifact.from) findings.push([`${inside}.from`, `${named}.from not valid in inputs`])
  for (const [part, text] of locationProblems(artifact, named)) findings.push([inside + part, text])
  return findings
}

/** The variables that a template's inputs (and, in a leaf, the paths of its outputs) give it. */
export function inputScope({ inputs, ...template }: Template): string[] {
  const parameters = (inputs?.parameters ?? []).map(({ name }) => `inputs.parameters.${name}`)
  const artifacts = (inputs?.artifacts ?? []).map(({ name }) => `inputs.artifacts.${name}`)
  const paths = isLeaf(template) ? artifacts.map((artifact) => `${artifact}.path`) : []
  return [
    ...parameters,
    ...(parameters.length > 0 ? ['inputs.parameters'] : []),
    ...artifacts,
    ...paths,
    ...(isLeaf(template) ? outputPaths(template).map(([name]) => name) : []),
  ]
}

/** The paths of a template's outputs, by the variables that hold them. */
export function outputPaths({ outputs }: Template): [name: string, path: string][] {
  return [
    ...(outputs?.artifacts ?? []).map(
      ({ name, path }) => [`outputs.artifacts.${name}.path`, path] as const,
    ),
    ...(outputs?.parameters ?? []).map(
      ({ name, valueFrom }) => [`outputs.parameters.${name}.path`, valueFrom?.path] as const,
    ),
  ].flatMap(([name, path]): [string, string][] => (path ? [[name, path]] : []))
}
