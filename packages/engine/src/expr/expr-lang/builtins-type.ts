/** What a built-in may use besides its arguments. */
interface Surroundings {
  readonly now: number | undefined
  /** Charges memory for a result of that many items. */
  readonly grow: (size: number) => void
}

export type Builtins = Readonly<
  Record<string, (args: readonly unknown[], surroundings: Surroundings) => unknown>
>
