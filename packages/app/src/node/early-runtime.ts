import { type Chosen, chooseLaunched, type LaunchedChoice } from './choose-launched.ts'

/** A runtime that is being made ready while the rest of the program is loaded. Who takes it disposes it. */
export interface EarlyRuntime extends AsyncDisposable {
  take(): Promise<Chosen>
}

export function earlyRuntime(choice: LaunchedChoice): EarlyRuntime {
  const chosen = chooseLaunched(choice)
  // Whoever takes it is told.
  chosen.catch(() => undefined)
  let isTaken = false
  return {
    take() {
      isTaken = true
      return chosen
    },
    async [Symbol.asyncDispose]() {
      if (isTaken) return
      const one = await chosen.catch(() => undefined)
      await one?.runtime[Symbol.asyncDispose]()
    },
  }
}
