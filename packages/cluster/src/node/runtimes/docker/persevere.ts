import { type Engine, EngineError } from './engine.ts'

const firstMs = 250
const longestMs = 10_000
/** How often an engine that answers, but with an error of its own, is asked again: a few minutes. */
const mostErrors = 20

/** Nobody answers, or only something before the engine, which knows that it is away. */
export function isAway(error: unknown): boolean {
  return error instanceof EngineError && (error.status === 0 || isGateway(error.status))
}

function isGateway(status: number): boolean {
  return status >= 502 && status <= 504
}

/**
 * Repeats what the engine did not answer, until it does: a container may outlive its engine, and an engine that is
 * started again knows how the others ended. Never settles once the engine is given up.
 */
export async function persevere<T>(engine: Engine, ask: () => Promise<T>): Promise<T> {
  let errors = 0
  for (let restMs = firstMs; ; restMs = Math.min(2 * restMs, longestMs)) {
    const answer = await ask().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    )
    if ('value' in answer) return answer.value
    if (engine.isClosed) return new Promise<never>(() => undefined)
    if (!isAway(answer.error)) errors += 1
    if (errors > mostErrors || !isTheEngines(answer.error)) throw answer.error
    await engine.pause(restMs)
  }
}

/** It is away, or in trouble: no word on what was asked. */
function isTheEngines(error: unknown): boolean {
  return isAway(error) || (error instanceof EngineError && error.status >= 500)
}
