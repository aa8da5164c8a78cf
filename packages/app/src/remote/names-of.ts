import type { Remote } from './connect.ts'
import { findWorkflow } from './find-workflow.ts'
import type { Name } from './wait-for.ts'

/** The names that are given, with `@latest` as what it stands for; nothing else is looked up. */
export async function namesOf(remote: Remote, names: readonly string[]): Promise<readonly Name[]> {
  const { namespace } = remote
  return Promise.all(
    names.map(async (name) => {
      if (name !== '@latest') return { namespace, name }
      const { metadata } = await findWorkflow(remote, name)
      return { namespace, name: metadata.name ?? '' }
    }),
  )
}
