/** How one task ended, as `depends` asks for it. */
export interface TaskResults {
  readonly Succeeded: boolean
  readonly Failed: boolean
  readonly Errored: boolean
  readonly Skipped: boolean
  readonly Omitted: boolean
  readonly Daemoned: boolean
  readonly AnySucceeded: boolean
  readonly AllFailed: boolean
}
