import { archiveOf, repositoryOf, resolveRepository } from './artifact-repository.ts'
import type { RunState } from './run-state.ts'

/** Gives the run its archive: the repository frozen in its status, or the one found now. The result is why there is none. */
export function chooseRepository(run: RunState): string | undefined {
  const { repositories } = run.world
  const frozen = run.status.get('artifactRepositoryRef')
  if (frozen) {
    run.archive = archiveOf(repositoryOf(frozen, repositories))
    return undefined
  }
  const found = resolveRepository(run.spec.artifactRepositoryRef, run.namespace, repositories)
  if ('problem' in found) return found.problem
  run.status.set('artifactRepositoryRef', found.ref)
  run.archive = archiveOf(found.ref.artifactRepository)
  return undefined
}
