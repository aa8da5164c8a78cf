/** What `depends` may ask of a task. */
export const taskResults = [
  'Succeeded',
  'Failed',
  'Errored',
  'Skipped',
  'Omitted',
  'Daemoned',
  'AnySucceeded',
  'AllFailed',
] as const

export type TaskResult = (typeof taskResults)[number]

/** How one task ended, as `depends` asks for it. */
export type TaskResults = Readonly<Record<TaskResult, boolean>>
