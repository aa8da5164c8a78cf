import type { JsonObject } from '@argosy/engine'
import type { Flaw } from '../schema/flaw.ts'
import { objectAt } from '../table/at.ts'
import { noEphemeral } from './ephemeral-flaws.ts'
import { labelMap, qualifiedNameOrEmpty } from './name-rules.ts'
import { podSpecFlaws } from './pod-spec-flaws.ts'

/** What is wrong with the template of a spec's pods. */
export function templateFlaws(spec: JsonObject, path = 'spec'): readonly Flaw[] {
  const template = objectAt(spec, 'template')
  const pod = objectAt(template, 'spec')
  const here = `${path}.template`
  const words = 'ephemeral containers not allowed in pod template'
  // Kubernetes leaves `metadata` out of these paths.
  return [
    ...labelMap(`${here}.labels`, objectAt(template, 'metadata')['labels']),
    ...Object.keys(objectAt(template, 'metadata', 'annotations')).flatMap((key) =>
      qualifiedNameOrEmpty(`${here}.annotations`, key.toLowerCase()),
    ),
    ...podSpecFlaws(pod, `${here}.spec`),
    ...noEphemeral(pod, `${here}.spec`, words),
  ]
}
