import type { NodeChange, Progress } from '../output/progress.ts'

/** How a run is shown while it goes on. */
export interface View {
  /** A workflow has moved; `changes` are its nodes that did. */
  moved(progress: Progress, changes: readonly NodeChange[]): void
  /** One sentence for the user. */
  note(text: string): void
  /** Lines that steps wrote. */
  log(lines: readonly string[]): void
  /** Shows the last state and lets go of the terminal. Safe to repeat. */
  end(): void
}
