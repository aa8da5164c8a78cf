import type { Container } from '@argosy/engine'
import { Refusal } from './refusal.ts'
import type { Runtime } from './runtime.ts'

const asks = ['ARGO_DEBUG_PAUSE_BEFORE', 'ARGO_DEBUG_PAUSE_AFTER'] as const

export function isPaused({ env = [] }: Container): boolean {
  return asks.some((ask) => env.some(({ name }) => name === ask))
}

/**
 * A program that waits before it begins, or after it has ended, until somebody who debugs it makes a file. argo: the
 * emissary, docs/debug-pause.md.
 */
export function withPauses(
  argv: readonly string[],
  container: Container,
  { env, runtime }: { readonly env: Readonly<Record<string, string>>; readonly runtime: Runtime },
): readonly string[] {
  const asked = asks.find((ask) => env[ask] === 'true')
  if (asked === undefined) return argv
  if (runtime.name === 'process') {
    const words = `${asked} needs a file system of the container's own (--runtime sandbox)`
    throw new Refusal('CreateContainerConfigError', words, false)
  }
  return ['/bin/sh', '-c', wrapper, container.name, ...argv]
}

// A signal interrupts `wait`: then the program has not ended yet.
const wrapper = `
files=/var/run/argo/ctr/$0
mkdir -p "$files"
until_there() { while [ ! -e "$files/$1" ]; do sleep 1; done; }
[ "$ARGO_DEBUG_PAUSE_BEFORE" = true ] && until_there before
"$@" &
program=$!
trap 'kill -TERM $program' TERM
wait $program
code=$?
while kill -0 $program 2>/dev/null; do wait $program; code=$?; done
trap - TERM
[ "$ARGO_DEBUG_PAUSE_AFTER" = true ] && until_there after
exit $code`
