import type { Artifact, Template } from '../../spec/workflow.ts'
import { pathProblem } from './artifacts.ts'
import type { Finding } from './finding.ts'
import { isLeaf } from './template-kind.ts'

/** What is wrong with the path of an artifact: leaves need one, and nothing else has any. */
export function pathFindings(
  artifact: Artifact,
  template: Template,
  { inside, named }: { readonly inside: string; readonly named: string },
): Finding[] {
  if (!isLeaf(template)) {
    return artifact.path
      ? [[`${inside}.path`, `${named}.path only valid in container/script templates`]]
      : []
  }
  const wrong = pathProblem(artifact)
  return wrong ? [[`${inside}.path`, `error in ${named}: ${wrong}`]] : []
}
