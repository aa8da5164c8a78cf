/** An operation that cannot be done; the text is upstream's where it has one. */
export interface Refusal {
  readonly refused: string
}
