import { type Container, isObject, type Json } from '@argosy/engine'
import type { Exit } from './runtime.ts'

/** An init container that runs on beside the others until they have ended. */
export function isSidecar({ restartPolicy }: Container): boolean {
  return restartPolicy === 'Always'
}

/**
 * Whether a container is started again after this end: by its own rules, its own policy, or its pod's. An init container
 * that succeeded is done, unless it is a sidecar. kubelet: ShouldContainerBeRestarted.
 */
export function restarts(
  container: Container,
  exit: Exit,
  { policy, init }: { readonly policy: string; readonly init: boolean },
): boolean {
  if (exit.startError === undefined && hasRuleFor(exit.code, container.restartPolicyRules)) {
    return true
  }
  const own = container.restartPolicy ?? policy
  if (own === 'Never') return false
  const always = own === 'Always' && (!init || isSidecar(container))
  return always || exit.code !== 0 || exit.startError !== undefined
}

function hasRuleFor(code: number, rules: Json | undefined): boolean {
  if (!Array.isArray(rules)) return false
  return rules.filter(isObject).some(({ action, exitCodes }) => {
    if (action !== 'Restart' || !isObject(exitCodes)) return false
    const { operator, values } = exitCodes
    const among = Array.isArray(values) && values.includes(code)
    return operator === 'NotIn' ? !among : among
  })
}
