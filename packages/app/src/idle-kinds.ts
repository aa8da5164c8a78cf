import type { Idle } from '@argosy/executor'

/** Groups of kinds that controllers act on which we do not have. */
const foreign: ReadonlySet<string> = new Set(['autoscaling', 'sparkoperator.k8s.io'])
/** Groups of kinds that a server's controllers act on, and a single run has none of. */
const builtIn: ReadonlySet<string> = new Set(['apps', 'batch'])

/** A step that waits for a status that nobody writes would wait for ever: it is told why it cannot go on instead. */
export const idleKinds =
  (hasBuiltIn: boolean): Idle =>
  ({ group, kind }) => {
    const why = `nothing on this machine acts on objects of kind ${kind} (${group}): the condition would never be met`
    if (foreign.has(group)) return why
    return builtIn.has(group) && !hasBuiltIn
      ? `${why}; \`argosy server\` has controllers for it`
      : undefined
  }
