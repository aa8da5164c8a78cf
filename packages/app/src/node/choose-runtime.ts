import { dockerRuntime } from '@argosy/cluster'
import { type Chosen, chooseLaunched, type LaunchedChoice } from './choose-launched.ts'

export type RuntimeChoice = LaunchedChoice | 'docker'

/** Finds out what can run pods here. Throws with the reasons when what was asked for cannot. */
export async function chooseRuntime(choice: RuntimeChoice): Promise<Chosen> {
  if (choice !== 'docker') return chooseLaunched(choice)
  return { runtime: await dockerRuntime(), fallback: undefined }
}
