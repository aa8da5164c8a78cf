import type { Container } from '@argosy/engine'
import { builtInImage } from '@argosy/executor'
import { type Built, type Ingredients, messageMount } from './container-spec.ts'
import { environment } from './environment.ts'
import { byDepth, volumeMounts } from './mounts.ts'
import type { Mount } from './runtime.ts'
import { stepVariables } from './step-variables.ts'

/** Whether the container is one of our own programs. */
export function isBuiltIn({ image }: Container): boolean {
  return image === builtInImage
}

/** What a program of ours needs: nothing of it is isolated, but it has its mounts, its variables and its log. */
export async function buildBuiltIn(
  container: Container,
  attempt: number,
  from: Ingredients,
): Promise<Built> {
  const { pod, paths } = from
  const facts = { references: from.references, host: from.host, image: {} }
  const env = {
    ...(await environment(pod, container, facts)),
    ...stepVariables(container, from, undefined),
  }
  const dir = paths.container(container.name, attempt)
  const mounts = [
    ...volumeMounts(container, from.volumes, env),
    ...from.staged.map((one): Mount => ({ ...one, readOnly: false })),
    messageMount(container, dir),
  ]
  const [name = '', ...args] = [...(container.command ?? []), ...(container.args ?? [])]
  return {
    spec: {
      dir,
      scratch: paths.scratch(container.name, attempt),
      argv: [],
      env,
      workingDir: '/',
      root: { kind: 'host' },
      mounts: byDepth(mounts),
      ...paths.log(container.name, attempt, from.split),
      builtIn: { name, args, pod },
    },
  }
}
