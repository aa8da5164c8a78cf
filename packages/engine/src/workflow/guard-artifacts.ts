import { artifactGcFinalizer, needsArtifactGc } from './artifact-gc.ts'
import type { RunState } from './run-state.ts'

/** Holds the workflow when some of its artifacts are to be deleted with it or before it. argo: addArtifactGCFinalizer. */
export function guardArtifacts({ spec, status, templates }: RunState): void {
  const before = status.get('artifactGCStatus')
  if (needsArtifactGc(spec, [...(spec.templates ?? []), ...templates.used()])) {
    status.addFinalizer(artifactGcFinalizer)
    if (before === undefined || before.notSpecified) status.set('artifactGCStatus', {})
  } else if (before === undefined) status.set('artifactGCStatus', { notSpecified: true })
}
